import { StreamerError, metadataToPublish } from '@boostercloud/streamer-connector'
import type { WireMessage } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import type { LocalStreamerSettings } from './options'
import { sizeOf } from './wire'

/**
 * Events as messages, all of them before the first is written. Rejects with `EVENT_NOT_ENCODABLE`, with `EVENT_TOO_LARGE`, or
 * with what the codec's registry is at fault for.
 */
export async function encode(
  events: readonly EventInterface[],
  topic: string,
  source: string,
  { codec, maxEventBytes }: Pick<LocalStreamerSettings, 'codec' | 'maxEventBytes'>
): Promise<WireMessage[]> {
  const messages: WireMessage[] = []
  for (const event of events) {
    const metadata = metadataToPublish(event, source)
    const message = await codec.encode(event, metadata, topic)
    const bytes = sizeOf(message)
    if (bytes > maxEventBytes) {
      throw new StreamerError('EVENT_TOO_LARGE', `An event has ${bytes} bytes; the most is ${maxEventBytes}.`, {
        at: metadata.type,
        hint: "Publish a reference to the large part instead, or raise the streamer's maxEventBytes.",
      })
    }
    messages.push(message)
  }
  return messages
}
