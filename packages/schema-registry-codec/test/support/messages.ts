import { newEventId } from '@boostercloud/streamer-connector'
import type { Codec, DecodedEvent, PublishedMetadata, WireMessage } from '@boostercloud/streamer-connector'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerError, StreamerErrorCode } from '@boostercloud/streamer-connector'
import { expect } from 'chai'

/** Metadata of an event of a type. */
export function metadataFor(type: string, more: Partial<PublishedMetadata> = {}): PublishedMetadata {
  return { id: newEventId(), type, source: 'blog', time: '2026-11-21T08:00:00.000Z', ...more }
}

/** A body as a broker hands it over, with nothing beside it. */
export function bare(body: Uint8Array): WireMessage {
  return { body, attributes: {}, headers: {} }
}

/** Through a codec and back. */
export async function throughCodec(codec: Codec, event: object, type: string, topic: string): Promise<DecodedEvent> {
  return codec.decode(await codec.encode(event, metadataFor(type), topic), topic)
}

/** What a call throws or rejects with; fails when it is nothing of that code. */
export async function failureOf(work: () => unknown, code: StreamerErrorCode): Promise<StreamerError> {
  let thrown: unknown
  try {
    await work()
  } catch (error) {
    thrown = error
  }
  if (!isStreamerError(thrown, code)) expect.fail(`expected an error with the code ${code}, not ${String(thrown)}`)
  return thrown
}
