import { jetstream } from '@nats-io/jetstream'
import type { JsMsg } from '@nats-io/jetstream'
import { connectionTo } from './jetstream'

/** Messages that are looked at. */
const LOOKED_AT = 100

/**
 * What a stream's first messages are like, in a text: subjects without the stream's number, lengths of bodies, and names and lengths of
 * headers. Where two are the same, as many bytes were written.
 */
export async function shapeOfStream(broker: string, stream: string): Promise<string> {
  const nats = await connectionTo(broker)
  const consumer = await jetstream(nats).consumers.get(stream)
  const shapes = new Map<number, string>()
  for await (const message of await consumer.consume()) {
    const { n } = message.json<{ n: number }>()
    if (n < LOOKED_AT && !shapes.has(n)) shapes.set(n, shape(message))
    if (shapes.size === LOOKED_AT) break
  }
  await nats.close()
  return [...shapes]
    .sort(([one], [other]) => one - other)
    .map(([n, text]) => `${n}: ${text}`)
    .join('\n')
}

function shape({ data, headers, subject }: JsMsg): string {
  const lengths = [...(headers ?? [])].map(([name, values]) => `${name} ${values.join().length}`).sort()
  return `subject ${subject.length}, body ${data.length}, ${lengths.join(', ')}`
}
