import { Kafka, logLevel } from 'kafkajs'
import type { KafkaMessage, Message } from 'kafkajs'
import type { Consumer, Contender, Handle, Producer, Take, Target } from '../measure/contender'
import { Measured, SOURCE } from '../measure/workload'
import type { Received } from '../measure/workload'
import { ACKS, FETCH_BYTES, PRODUCER } from './settings'

/** The client by itself, which writes and reads what the connector does: the same key, headers and body. */
export const kafkajs: Contender = {
  async produce({ broker, topic }: Target): Promise<Producer> {
    const producer = clientOf(broker).producer(PRODUCER)
    await producer.connect()
    return {
      publish: async (events) => void (await producer.send({ topic, acks: ACKS, messages: events.map(toMessage) })),
      close: () => producer.disconnect(),
    }
  },

  /** As https://kafka.js.org/docs/consuming#a-name-each-batch-a-eachbatch: an offset is resolved after its handler. */
  async consume({ broker, topic, group }: Target, handle: Handle): Promise<Consumer> {
    const consumer = clientOf(broker).consumer({ groupId: group })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
        for (const message of batch.messages) {
          if (!isRunning() || isStale()) break
          await handle(fromMessage(message).payload)
          resolveOffset(message.offset)
          await heartbeat()
        }
      },
    })
    return { close: () => consumer.disconnect() }
  },

  async drain({ broker, topic, group }: Target, take: Take): Promise<void> {
    const consumer = clientOf(broker).consumer({ groupId: group, maxBytesPerPartition: FETCH_BYTES })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const eachBatch = async ({ batch }: { batch: { messages: KafkaMessage[] } }): Promise<void> => {
        if (!take(batch.messages.map(fromMessage).length)) resolve()
      }
      consumer.run({ eachBatch }).catch(reject)
    })
    await consumer.disconnect()
  },
}

/** A client that says nothing. */
export function clientOf(broker: string): Kafka {
  return new Kafka({ clientId: 'bench', brokers: [broker], logLevel: logLevel.NOTHING })
}

function toMessage(event: Measured): Message {
  return {
    key: event.entity,
    value: JSON.stringify(event),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: SOURCE,
      ce_type: Measured.name,
      ce_subject: event.entity,
      ce_time: event.time,
    },
  }
}

function fromMessage({ key, value, headers = {} }: KafkaMessage): { payload: Received; metadata: object } {
  const metadata: Record<string, string | undefined> = { key: key?.toString() }
  for (const name of Object.keys(headers)) metadata[name] = headers[name]?.toString()
  return { payload: JSON.parse(String(value)), metadata }
}
