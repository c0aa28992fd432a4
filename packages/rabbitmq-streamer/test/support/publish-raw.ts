import { connect } from 'amqplib'
import type { Channel } from 'amqplib'
import type { RawHeader, RawRecord } from '@boostercloud/streamer-testkit/conformance'
import { FLAG, of, publishFrames, short, table } from './amqp-bytes'
import type { Field, Properties, Target } from './amqp-bytes'

/** What a property has at most, and the name of a header. */
const MOST_SHORT_BYTES = 255

/** Sends bytes as they are on a channel of amqplib, behind what that has sent. */
export function sendFrames(channel: Channel, target: Target, body: Buffer, properties: Properties): void {
  const { connection, ch } = channel as unknown as {
    ch: number
    connection: { channels: { buffer: { write(bytes: Buffer): void } }[] }
  }
  connection.channels[ch].buffer.write(publishFrames(ch, target, body, properties))
}

/** Writes a record with the properties and headers that it has, each as the bytes that it is. False for texts that have no place in AMQP. */
export async function publishRaw(url: string, topic: string, record: RawRecord): Promise<boolean> {
  const { body, contentType, contentEncoding, key, attributes, headers } = record
  const named = attributes.map(([name, value]): RawHeader => [`cloudEvents:${name}`, value])
  const all = [...named, ...headers, ...(key === undefined ? [] : [['partitionkey', key] as const])]
  const shorts = [contentType ?? '', contentEncoding ?? '', ...all.map(([name]) => name)]
  if (shorts.some((text) => Buffer.byteLength(text) > MOST_SHORT_BYTES)) return false
  const properties: (readonly [flag: number, bytes: Buffer])[] = [[FLAG.headers, table(...all.map(fieldOf))]]
  if (contentType !== undefined) properties.push([FLAG.contentType, short(contentType)])
  if (contentEncoding !== undefined) properties.push([FLAG.contentEncoding, short(contentEncoding)])
  await publishProperties(url, topic, Buffer.from(body), properties)
  return true
}

/** Publishes to the exchange of streamers; resolves when the server has it. */
export async function publishProperties(
  url: string,
  topic: string,
  body: Buffer,
  properties: Properties
): Promise<void> {
  const connection = await connect(url)
  try {
    const channel = await connection.createChannel()
    sendFrames(channel, { exchange: 'streamers', routingKey: topic }, body, properties)
    // It is answered when what came on the channel before has been read.
    await channel.checkExchange('streamers')
  } finally {
    await connection.close()
  }
}

function fieldOf([name, value]: RawHeader): Field {
  return [name, of.S(Buffer.from(value))]
}
