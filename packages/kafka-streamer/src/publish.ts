import { StreamerError, metadataToPublish } from '@boostercloud/streamer-connector'
import type { Codec, WireMessage } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import { toRecord } from './wire'
import type { EncodedRecord } from './wire'

/** How events become records. */
export interface Encoding {
  readonly codec: Codec
  readonly topic: string
  readonly source: string
  readonly maxEventBytes: number
}

/**
 * Events as records, all of them before the first is sent. Rejects with `EVENT_NOT_ENCODABLE`, with `EVENT_TOO_LARGE`, or with
 * what the codec's registry is at fault for.
 */
export async function encode(events: readonly EventInterface[], encoding: Encoding): Promise<EncodedRecord[]> {
  const { codec, topic, source, maxEventBytes } = encoding
  const records: EncodedRecord[] = []
  for (const event of events) {
    const metadata = metadataToPublish(event, source)
    const encoded: WireMessage | Promise<WireMessage> = codec.encode(event, metadata, topic)
    const record = toRecord('then' in encoded ? await encoded : encoded)
    if (record.bytes > maxEventBytes) throw tooLarge(record.bytes, maxEventBytes, metadata.type)
    records.push(record)
  }
  return records
}

function tooLarge(bytes: number, most: number, type: string): StreamerError {
  return new StreamerError('EVENT_TOO_LARGE', `An event has ${bytes} bytes; the most is ${most}.`, {
    at: type,
    hint: "Publish a reference to the large part instead, or raise the streamer's maxEventBytes and the topic's max.message.bytes.",
  })
}
