import type { WireMessage } from '@boostercloud/streamer-connector'

/**
 * An event as the lake has it: what a broker delivered once, with its original bytes.
 * @experimental
 */
export interface RecordedEvent {
  /** The id of the streamer in the service that recorded it. */
  readonly streamer: string
  readonly topic?: string
  /** Which log of the broker it was in, where the broker tells: a topic that was made again is another log. */
  readonly log?: string
  /** The part of the topic in which positions count. Absent where the broker has no stable places, or does not deliver in their order. */
  readonly partition?: string
  /** Its number in the partition. No two recorded events of a partition of a log have one. */
  readonly position?: number
  /** CloudEvents `id`. */
  readonly id?: string
  /** CloudEvents `type`. */
  readonly type?: string
  /** The schema version of its class. */
  readonly version?: number
  /** CloudEvents `source`. */
  readonly source?: string
  /** CloudEvents `subject`: the entity's id. */
  readonly subject?: string
  /** What orders it. */
  readonly key?: string
  /** CloudEvents `time`, as its producer wrote it. */
  readonly time?: string
  /** When it was recorded, in milliseconds since 1970. */
  readonly recordedAt: number
  readonly correlationId?: string
  readonly causationId?: string
  /** W3C Trace Context. */
  readonly traceparent?: string
  /** The message as the broker had it: bytes, content type, attributes, headers and key. */
  readonly message: WireMessage
  /** The decoded payload as JSON, where the body is not JSON itself. */
  readonly data?: string
  /** Why the bytes could not be decoded. They are kept all the same. */
  readonly undecodable?: string
}
