import type { ConsumeMessage } from 'amqplib-2'
import { modelOn } from './amqplib'

/** Messages that are looked at. */
const LOOKED_AT = 100

/**
 * What the first messages of a queue are like, in a text: lengths of bodies, and names and lengths of properties and headers. Where two are
 * the same, as many bytes were written. The messages stay.
 */
export async function shapeOfQueue(broker: string, queue: string): Promise<string> {
  const model = await modelOn(broker)
  const channel = await model.createChannel()
  await channel.prefetch(LOOKED_AT)
  const messages: ConsumeMessage[] = []
  await new Promise<void>((resolve, reject) => {
    const on = (message: ConsumeMessage | null): void => {
      if (message) messages.push(message)
      if (messages.length === LOOKED_AT) resolve()
    }
    channel.consume(queue, on).catch(reject)
  })
  await model.close()
  return messages.map((message, n) => `${n}: ${shape(message)}`).join('\n')
}

function shape({ content, properties, fields }: ConsumeMessage): string {
  const { headers = {}, ...rest } = properties
  const lengths = Object.entries({ ...rest, ...headers, exchange: fields.exchange })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${String(value).length}`)
    .sort()
  return `body ${content.length}, ${lengths.join(', ')}`
}
