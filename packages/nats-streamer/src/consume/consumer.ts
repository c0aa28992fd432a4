import { createHash } from 'node:crypto'
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream'
import type { ConsumerInfo } from '@nats-io/jetstream'
import { nanos } from '@nats-io/nats-core'
import { API, apiCode, unavailable } from '../client'
import type { Connection } from '../client'
import type { NatsStreamerSettings } from '../options'
import { streamIdOf } from '../wire'

type Settings = Pick<NatsStreamerSettings, 'stream' | 'ackWaitMs'>

/** Who reads what. */
export interface ReadBy {
  readonly group: string
  readonly subject: string
}

/** A durable consumer, and the stream that it is of. */
export interface Declared {
  readonly consumer: string
  readonly streamId: string
}

/**
 * Makes the consumer of a group, or finds it as another replica has made it. Its name tells one stream from another of the same name: an acknowledgement
 * says which consumer and which sequence, and one that comes late must not be taken for one of a stream that was made anew.
 *
 * Rejects with what the client throws.
 */
export async function declareConsumer(connection: Connection, settings: Settings, by: ReadBy): Promise<Declared> {
  const { stream } = settings
  const streamId = await streamIdNow(connection, stream)
  // Earlier versions named it without the stream. It knows how far the group is.
  const earlier = consumerName(by)
  const current = consumerName(by, streamId)
  const consumer = (await find(connection, stream, earlier)) ? earlier : current
  await provide(connection, settings, consumer, by.subject)
  if ((await streamIdNow(connection, stream)) === streamId) return { consumer, streamId }
  throw unavailable('the stream was created again at this moment', stream)
}

/** The name of a group's consumer of a subject: readable, and as NATS allows it. */
export function consumerName({ group, subject }: ReadBy, streamId?: string): string {
  const parts = streamId === undefined ? [group, subject] : [group, subject, streamId]
  const digest = createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 10)
  const readable = `${group}-${subject}`.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 100)
  return `${readable}-${digest}`
}

/** The consumer of a group, if it has one. Rejects with what the client throws. */
export async function findConsumer(
  connection: Connection,
  stream: string,
  by: ReadBy
): Promise<ConsumerInfo | undefined> {
  const earlier = await find(connection, stream, consumerName(by))
  return earlier ?? find(connection, stream, consumerName(by, await streamIdNow(connection, stream)))
}

async function streamIdNow(connection: Connection, stream: string): Promise<string> {
  const { created } = await connection.ask(({ streams }) => streams.info(stream))
  return streamIdOf(created)
}

async function provide(connection: Connection, settings: Settings, consumer: string, subject: string): Promise<void> {
  const { stream, ackWaitMs } = settings
  const changeable = { ack_wait: nanos(ackWaitMs), max_ack_pending: -1, max_deliver: -1 }
  const found = await find(connection, stream, consumer)
  if (found === undefined) {
    const config = {
      durable_name: consumer,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      filter_subject: subject,
      ...changeable,
    }
    await connection.ask(({ consumers }) => consumers.add(stream, config))
    return
  }
  const { ack_wait, max_ack_pending, max_deliver } = found.config
  const isAsWanted = ack_wait === changeable.ack_wait && max_ack_pending === -1 && max_deliver === -1
  if (!isAsWanted) await connection.ask(({ consumers }) => consumers.update(stream, consumer, changeable))
}

async function find(connection: Connection, stream: string, consumer: string): Promise<ConsumerInfo | undefined> {
  try {
    return await connection.ask(({ consumers }) => consumers.info(stream, consumer))
  } catch (thrown) {
    if (apiCode(thrown) === API.consumerNotFound) return undefined
    throw thrown
  }
}
