import { StreamerError, metadataToPublish } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import type { RabbitMQStreamerSettings } from './settings'
import type { Route } from './topology'
import { sizeOf, toEncoded } from './wire'
import type { Encoded } from './wire'

/**
 * Events as messages, all of them before the first is sent. Rejects with `EVENT_NOT_ENCODABLE`, with `EVENT_TOO_LARGE`, or with what
 * the codec's registry is at fault for.
 */
export async function encode(
  events: readonly EventInterface[],
  { topic, codec }: Pick<Route, 'topic' | 'codec'>,
  source: string,
  { maxEventBytes, unroutable }: Pick<RabbitMQStreamerSettings, 'maxEventBytes' | 'unroutable'>
): Promise<Encoded[]> {
  const all: Encoded[] = []
  for (const event of events) {
    const metadata = metadataToPublish(event, source)
    const written = codec.encode(event, metadata, topic)
    const encoded = toEncoded(written instanceof Promise ? await written : written, metadata, unroutable === 'reject')
    if (encoded.mostBytes > maxEventBytes) refuseTooLarge(sizeOf(encoded), maxEventBytes, metadata.type)
    all.push(encoded)
  }
  return all
}

function refuseTooLarge(bytes: number, most: number, at: string): void {
  if (bytes <= most) return
  throw new StreamerError('EVENT_TOO_LARGE', `An event has ${bytes} bytes; the most is ${most}.`, {
    at,
    hint: "Publish a reference to the large part instead, or raise the streamer's maxEventBytes (and RabbitMQ's max_message_size).",
  })
}
