/**
 * An event as the lake has it: what a broker delivered once, with its original bytes.
 * @experimental
 */
export interface RecordedEvent {
  /** The id of the streamer in the service that recorded it. */
  readonly streamer: string
  readonly topic?: string
  /** The part of the topic in which positions count. Absent where the broker has no stable places. */
  readonly partition?: string
  /** Its number in the partition. No two recorded events have one. */
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
  /** W3C Trace Context. */
  readonly tracestate?: string
  readonly contentType?: string
  readonly contentEncoding?: string
  /** What the producer set besides. */
  readonly headers: Readonly<Record<string, string>>
  /** The bytes as they were received. */
  readonly body: Uint8Array
  /** The decoded payload as JSON, where the body is not JSON itself. */
  readonly data?: string
  /** Why the bytes could not be decoded. Their body is kept all the same. */
  readonly undecodable?: string
}
