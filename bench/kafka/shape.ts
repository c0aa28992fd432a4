import type { KafkaMessage } from 'kafkajs'
import { clientOf } from './kafkajs'

/** Messages that are looked at. */
const LOOKED_AT = 100

/**
 * What a topic's first messages are like, in a text: keys, lengths of bodies, and names and lengths of headers. Where two are the same, as
 * many bytes were written.
 */
export async function shapeOf(broker: string, topic: string): Promise<string> {
  const consumer = clientOf(broker).consumer({ groupId: `shape-of-${topic}` })
  const shapes = new Map<number, string>()
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: KafkaMessage }): Promise<void> => {
      const { n } = JSON.parse(String(message.value)) as { n: number }
      if (n < LOOKED_AT && !shapes.has(n)) shapes.set(n, shape(message))
      if (shapes.size === LOOKED_AT) resolve()
    }
    consumer.run({ eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  return [...shapes]
    .sort(([one], [other]) => one - other)
    .map(([n, text]) => `${n}: ${text}`)
    .join('\n')
}

function shape({ key, value, headers = {} }: KafkaMessage): string {
  const names = Object.keys(headers)
    .sort()
    .map((name) => `${name} ${String(headers[name]).length}`)
  return `key ${key?.toString()}, body ${value?.length}, ${names.join(', ')}`
}
