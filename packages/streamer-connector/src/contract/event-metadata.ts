import type { StreamerError } from './streamer-error'

/**
 * What is known of an event besides its fields: what the wire carries beside the payload. Ask for it with `metadataOf(event)`.
 * Every field is optional because a producer that knows nothing of us may have sent none of them.
 * @public
 */
export interface EventMetadata {
  /** Given once, before the event is stored; every copy of the event has the same one. CloudEvents 1.0 §3.1 `id`. */
  readonly id?: string
  /** What the events of the class are called on the wire: its `static eventType`, or else its name. CloudEvents `type`. */
  readonly type?: string
  /**
   * Schema version of the event's class, from 1. CloudEvents extension `schemaversion`, of a producer that is known to mean this by it; another's is
   * among the headers.
   */
  readonly version?: number
  /** The app that stored the event. CloudEvents `source`; `source` and `id` together are unique. */
  readonly source?: string
  /** The entity's id. CloudEvents `subject`. */
  readonly subject?: string
  /** What orders: events of one key are handled in the order they were stored. Absent: the event orders nothing. */
  readonly key?: string
  /**
   * When the event was stored, as its event store says, RFC 3339: the same in every copy of the event, however often and by whichever way it is
   * published. Of an event that a program publishes without a store: when it was published, unless the program says otherwise. CloudEvents `time`.
   */
  readonly time?: string
  /** The request the event came from, handed on from service to service. CloudEvents extension `correlationid`. */
  readonly correlationId?: string
  /** The id of the event whose handler registered this one. CloudEvents extension `causationid`. */
  readonly causationId?: string
  /** W3C Trace Context §3.2. CloudEvents extension `traceparent`. */
  readonly traceparent?: string
  /** W3C Trace Context §3.3. CloudEvents extension `tracestate`. */
  readonly tracestate?: string
  /**
   * Set on an event that was published again from a recording. Its id, source and time are those of the first time.
   */
  readonly replayed?: true
  /** Headers that the producer set besides the above, as received. Untrusted. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Of an event that is given to a handler: aborts when the run takes longer than its `timeoutMs`, and when the service stops and the run outlasts
   * `drainMs`. What the run registers after that is discarded.
   */
  readonly signal?: AbortSignal
  /** What the body is, as `application/json; charset=utf-8`, as received. Undefined where the producer does not say. */
  readonly contentType?: string
  /** What the body was packed with, as `gzip`, as received. Undefined where the producer does not say. */
  readonly contentEncoding?: string
  /** The body as it was received. A dead letter keeps it. */
  readonly raw?: Uint8Array
  /** Set where the bytes could not be decoded: why. Such an event becomes a dead letter and reaches no handler. */
  readonly undecodable?: StreamerError
}
