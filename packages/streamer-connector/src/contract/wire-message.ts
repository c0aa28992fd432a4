/**
 * An event as a broker carries it, in nobody's own form: a connector puts each part where its broker has it.
 * @public
 */
export interface WireMessage {
  readonly body: Uint8Array
  /**
   * Set where the broker has no body at all, as a record of Kafka without a value, which says that what its key names is gone; `body` is empty then. A broker that
   * has no such message carries an empty body.
   */
  readonly isTombstone?: true
  /** What the body is, as `application/json`. */
  readonly contentType?: string
  /** What the body is packed with, as `gzip`; absent where it is as its content type says. */
  readonly contentEncoding?: string
  /** CloudEvents context attributes by their bare names (`id`, `source`, `type` …); empty where the codec writes none. */
  readonly attributes: Readonly<Record<string, string>>
  /** Everything else that travels beside the body. */
  readonly headers: Readonly<Record<string, string>>
  /** What orders. */
  readonly key?: string
}

/**
 * Publishes recorded messages again.
 * @public
 */
export interface RawPublishing {
  /**
   * Publishes messages as they were received (see `ExternalEvent.message`), in order: the same bytes, attributes, headers and keys, and so the same ids, types, sources and
   * times. No codec is asked. Each is marked, and readers find `metadata.replayed`. A broker that drops what has an id that it knows takes them all the same.
   *
   * Durable when it resolves. Rejects as `publish` does: with `EVENT_TOO_LARGE`, or `EVENT_NOT_ENCODABLE` where this broker has no place for something beside the body,
   * before anything is sent.
   */
  publishRaw(messages: readonly WireMessage[], topic?: string): Promise<void>
}
