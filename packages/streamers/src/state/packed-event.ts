import { deserialize, serialize } from 'node:v8'
import { StreamerError, withMetadata } from '@boostercloud/streamer-connector'
import type { EventMetadata, ExternalEvent } from '@boostercloud/streamer-connector'

/**
 * A received event as bytes for the state, and back. The structured clone format keeps what JSON loses (dates, big integers,
 * bytes); readers of newer Node versions read what older ones wrote.
 * @internal
 */
export function packEvent(event: ExternalEvent): Uint8Array {
  const { undecodable, ...metadata } = event.metadata ?? {}
  return pack({
    streamerId: event.streamerId,
    streamerTopic: event.streamerTopic,
    eventId: event.eventId,
    eventPayload: undecodable ? undefined : event.eventPayload,
    metadata: plain(metadata),
  })
}

/**
 * The inverse of {@link packEvent}; the payload has its metadata beside it again.
 * @internal
 */
export function unpackEvent(bytes: Uint8Array): ExternalEvent {
  const event = unpack(bytes) as ExternalEvent
  if (typeof event.eventPayload === 'object' && event.eventPayload !== null && event.metadata) {
    withMetadata(event.eventPayload, event.metadata)
  }
  return event
}

/** Any data as bytes. Throws `EVENT_NOT_ENCODABLE` for what cannot be cloned, as functions. */
export function pack(value: unknown): Uint8Array {
  try {
    return serialize(value)
  } catch (cause) {
    throw new StreamerError('EVENT_NOT_ENCODABLE', `The value cannot be stored: ${(cause as Error).message}.`, {
      hint: 'Use only fields that hold data in events.',
      cause,
    })
  }
}

/** The inverse of {@link pack}. */
export function unpack(bytes: Uint8Array): unknown {
  return deserialize(bytes)
}

/** Bytes that are a view of a larger pool would carry the pool along. */
function plain(metadata: EventMetadata): EventMetadata {
  return metadata.raw ? { ...metadata, raw: Uint8Array.from(metadata.raw) } : metadata
}
