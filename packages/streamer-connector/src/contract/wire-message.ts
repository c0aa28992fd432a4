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
