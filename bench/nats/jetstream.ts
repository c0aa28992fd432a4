import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { Consumer as JetStreamConsumer, JsMsg } from '@nats-io/jetstream'
import { headers } from '@nats-io/nats-core'
import type { MsgHdrs, NatsConnection } from '@nats-io/nats-core'
import { connect } from '@nats-io/transport-node'
import type { Consumer, Contender, Handle, Producer, Target } from '../measure/contender'
import { Measured, SOURCE } from '../measure/workload'
import type { Received } from '../measure/workload'
import { AHEAD, subjectOf } from './settings'

/** The client by itself, which writes and reads what the connector does: the same subject, headers and body, and an ordered consumer. */
export const ordered: Contender = {
  produce,

  async consume(target: Target, handle: Handle): Promise<Consumer> {
    const nats = await connectionTo(target.broker)
    return handling(nats, await orderedConsumer(nats, target), (message) => handle(fromMessage(message).payload))
  },

  async drain(target, take) {
    const nats = await connectionTo(target.broker)
    const messages = await (await orderedConsumer(nats, target)).consume({ max_messages: AHEAD })
    for await (const message of messages) {
      fromMessage(message)
      if (!take(1)) break
    }
    await nats.close()
  },
}

/** The same with a durable consumer, where the server keeps what is acknowledged: each event after its handler. */
export const durable: Contender = {
  produce,

  async consume(target: Target, handle: Handle): Promise<Consumer> {
    const nats = await connectionTo(target.broker)
    const { topic, group } = target
    const manager = await jetstreamManager(nats)
    await manager.consumers.add(topic, {
      durable_name: group,
      filter_subject: subjectOf(topic),
      ack_policy: AckPolicy.Explicit,
      max_ack_pending: AHEAD,
    })
    const consumer = await jetstream(nats).consumers.get(topic, group)
    return handling(nats, consumer, async (message) => {
      await handle(fromMessage(message).payload).then(
        () => message.ack(),
        () => message.nak()
      )
    })
  },
}

/** A connection as the connector has it. */
export function connectionTo(broker: string): Promise<NatsConnection> {
  const { host: servers, username: user, password: pass } = new URL(`nats://${broker}`)
  return connect({ servers, user, pass, noAsyncTraces: true })
}

async function produce({ broker, topic }: Target): Promise<Producer> {
  const nats = await connectionTo(broker)
  const client = jetstream(nats)
  const subject = subjectOf(topic)
  const publish = (event: Measured): Promise<unknown> =>
    client.publish(subject, JSON.stringify(event), {
      headers: headersOf(event),
      msgID: `${SOURCE}/${event.id}/${subject}`,
      expect: { streamName: topic },
    })
  return {
    publish: async (events) => void (await Promise.all(events.map(publish))),
    close: () => nats.close(),
  }
}

function orderedConsumer(nats: NatsConnection, { topic }: Target): Promise<JetStreamConsumer> {
  return jetstream(nats).consumers.get(topic, { filter_subjects: subjectOf(topic) })
}

async function handling(
  nats: NatsConnection,
  consumer: JetStreamConsumer,
  handle: (message: JsMsg) => Promise<void>
): Promise<Consumer> {
  const messages = await consumer.consume({ max_messages: AHEAD })
  const reading = (async (): Promise<void> => {
    for await (const message of messages) await handle(message)
  })()
  return {
    close: async () => {
      await messages.close()
      await reading
      await nats.close()
    },
  }
}

function headersOf({ id, entity, time }: Measured): MsgHdrs {
  const written = headers()
  written.append('ce-specversion', '1.0')
  written.append('ce-id', id)
  written.append('ce-source', SOURCE)
  written.append('ce-type', Measured.name)
  written.append('ce-subject', entity)
  written.append('ce-time', time)
  written.append('ce-datacontenttype', 'application/json')
  return written
}

function fromMessage(message: JsMsg): { payload: Received; metadata: object } {
  const metadata: Record<string, string> = {}
  for (const [name, [value]] of message.headers ?? []) metadata[name] = value
  return { payload: message.json<Received>(), metadata }
}
