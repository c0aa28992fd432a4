import type { EventMetadata, WireMessage } from '../contract'
import type { PublishedMetadata } from './attributes/metadata'

/**
 * What a codec makes of a message.
 * @public
 */
export interface DecodedEvent {
  readonly payload: unknown
  readonly metadata: EventMetadata
}

/**
 * Bytes ↔ event. Chosen per streamer or topic.
 * @public
 */
export interface Codec {
  /** A short name for messages to people. */
  readonly name: string
  /**
   * Whether `decode` needs nothing but the message, answers at once, and gives nothing twice: then an event that is needed again is decoded again, and
   * needs no copy until it is. Default false.
   */
  readonly repeatable?: boolean
  /** Rejects with `EVENT_NOT_ENCODABLE` when the event cannot be written, with `STREAMER_UNAVAILABLE` when a registry is away. */
  encode(event: object, metadata: PublishedMetadata, topic?: string): WireMessage | Promise<WireMessage>
  /** Rejects with `EVENT_UNDECODABLE` when the bytes make no event, with `STREAMER_UNAVAILABLE` when a registry is away. */
  decode(message: WireMessage, topic?: string): DecodedEvent | Promise<DecodedEvent>
}
