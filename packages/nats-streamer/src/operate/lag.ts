import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream'
import { nanos } from '@nats-io/nats-core'
import { assertKeepsEvents } from '../client'
import type { Connection } from '../client'
import { findConsumer } from '../consume'
import type { ReadBy } from '../consume'
import type { NatsStreamerSettings } from '../options'
import { parsePosition, streamIdOf } from '../wire'

/** Milliseconds after which the server forgets a consumer that could not be removed. */
const FORGOTTEN_AFTER_MS = 10_000

/** How many messages of a subject follow a position. Rejects with what the client throws. */
export async function lagBehind(
  connection: Connection,
  stream: string,
  subject: string,
  position: string | undefined
): Promise<number> {
  const { config, created, state } = await connection.ask(({ streams }) => streams.info(stream))
  assertKeepsEvents(config, stream)
  const { streamId, sequence } = position === undefined ? { streamId: '', sequence: 0 } : parsePosition(position)
  const from = streamId === streamIdOf(created) && sequence <= state.last_seq ? sequence + 1 : 1
  const { name, num_pending: lag } = await connection.ask(({ consumers }) =>
    consumers.add(stream, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      filter_subject: subject,
      inactive_threshold: nanos(FORGOTTEN_AFTER_MS),
      mem_storage: true,
    })
  )
  // It is known by then; the server forgets the consumer by itself.
  await connection.ask(({ consumers }) => consumers.delete(stream, name)).catch(() => undefined)
  return lag
}

/** How many messages of a subject the group has not settled; undefined where it has not read yet. Rejects with what the client throws. */
export async function lagOfGroup(
  connection: Connection,
  settings: Pick<NatsStreamerSettings, 'stream'>,
  by: ReadBy
): Promise<number | undefined> {
  const found = await findConsumer(connection, settings.stream, by)
  return found && found.num_pending + found.num_ack_pending
}
