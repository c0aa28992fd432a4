import { connect } from 'amqplib-2'
import type { ChannelModel, ConsumeMessage, Options } from 'amqplib-2'
import type { Consumer, Contender, Handle, Producer, Take, Target } from '../measure/contender'
import { Measured, SOURCE } from '../measure/workload'
import type { Received } from '../measure/workload'
import { EXCHANGE, PREFETCH, queueOf } from './settings'

/** Messages that are acknowledged together where the poll alone is measured: as many as the connector returns at once. */
const TOGETHER = 500

/** The client by itself, which writes and reads what the connector does: the same exchange, queue, properties, headers and body. */
export const amqplib: Contender = {
  /** As https://amqp-node.github.io/amqplib/channel_api.html#flowcontrol: many are on their way, and then all are confirmed. */
  async produce({ broker, topic }: Target): Promise<Producer> {
    const model = await modelOn(broker)
    const channel = await model.createConfirmChannel()
    return {
      publish: async (events) => {
        for (const event of events) channel.publish(EXCHANGE, topic, bodyOf(event), propertiesOf(event))
        await channel.waitForConfirms()
      },
      close: () => model.close(),
    }
  },

  /** Acknowledged one by one after the handler; what fails goes back to the queue. */
  async consume(target: Target, handle: Handle): Promise<Consumer> {
    const model = await modelOn(target.broker)
    const channel = await model.createChannel()
    await channel.prefetch(PREFETCH)
    await channel.consume(queueOf(target), (message) => {
      if (!message) return
      handle(fromMessage(message).payload).then(
        () => channel.ack(message),
        () => channel.nack(message)
      )
    })
    return { close: () => model.close() }
  },

  /** Acknowledged many at once, as the connector does. */
  async drain(target: Target, take: Take): Promise<void> {
    const model = await modelOn(target.broker)
    const channel = await model.createChannel()
    await channel.prefetch(PREFETCH)
    await new Promise<void>((resolve, reject) => {
      let waiting: ConsumeMessage[] = []
      const on = (message: ConsumeMessage | null): void => {
        if (!message) return
        waiting.push(message)
        if (waiting.length < TOGETHER) return
        const events = waiting.map(fromMessage)
        waiting = []
        if (!take(events.length)) resolve()
        channel.ack(message, true)
      }
      channel.consume(queueOf(target), on).catch(reject)
    })
    await model.close()
  },
}

/** A connection as the connector has it. */
export function modelOn(broker: string): Promise<ChannelModel> {
  return connect(`amqp://${broker}`, { noDelay: true })
}

function bodyOf(event: Measured): Buffer {
  return Buffer.from(JSON.stringify(event))
}

function propertiesOf({ id, entity, time }: Measured): Options.Publish {
  return {
    headers: {
      'cloudEvents:specversion': '1.0',
      'cloudEvents:id': id,
      'cloudEvents:source': SOURCE,
      'cloudEvents:type': Measured.name,
      'cloudEvents:subject': entity,
      'cloudEvents:time': time,
      partitionkey: entity,
    },
    persistent: true,
    contentType: 'application/json',
    messageId: id,
    type: Measured.name,
    appId: SOURCE,
    timestamp: Math.floor(Date.parse(time) / 1000),
  }
}

function fromMessage({ content, properties }: ConsumeMessage): { payload: Received; metadata: object } {
  const { headers = {}, ...rest } = properties
  const metadata: Record<string, unknown> = rest
  for (const name of Object.keys(headers)) metadata[name] = headers[name]
  return { payload: JSON.parse(String(content)), metadata }
}
