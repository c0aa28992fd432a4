import type { IHeaders, Kafka } from 'kafkajs'
import type { RawHeader, RawRecord } from '@boostercloud/streamer-testkit/conformance'

/** Writes a record as any program with a Kafka client can. Kafka carries all of them, but those that are too large. */
export async function publishRaw(kafka: Kafka, topic: string, record: RawRecord): Promise<boolean> {
  const { body, key, contentType, contentEncoding, attributes, headers } = record
  const own: [string, string | undefined][] = [
    ['content-type', contentType],
    ['content-encoding', contentEncoding],
  ]
  const named = attributes.map(([name, value]): RawHeader => [`ce_${name}`, value])
  const further = own.flatMap(([name, value]): RawHeader[] => (value === undefined ? [] : [[name, Buffer.from(value)]]))
  const producer = kafka.producer()
  await producer.connect()
  try {
    const message = { key: key && Buffer.from(key), value: Buffer.from(body) }
    await producer.send({ topic, messages: [{ ...message, headers: asHeaders([...further, ...named, ...headers]) }] })
  } finally {
    await producer.disconnect()
  }
  return true
}

/** What came several times is a list in kafkajs. */
function asHeaders(headers: readonly RawHeader[]): IHeaders {
  const values = new Map<string, Buffer[]>()
  for (const [name, value] of headers) values.set(name, [...(values.get(name) ?? []), Buffer.from(value)])
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]))
}
