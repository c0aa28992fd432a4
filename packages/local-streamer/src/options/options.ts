import type { Codec } from '@boostercloud/streamer-connector'

/**
 * What `LocalStreamer.with` takes.
 * @public
 */
export interface LocalStreamerOptions {
  /**
   * The folder of the log, the same for all services that shall meet. Made for its owner alone (0700) if it is missing. It must be
   * on a disk of this machine. There is no default: services with different ones would never meet.
   */
  readonly path: string
  /** The topic of an address that names none. Default: none, and every address must name its topic. */
  readonly defaultTopic?: string
  /** Bytes ↔ event. Default `cloudEvents`. */
  readonly codec?: Codec
  /** The CloudEvents `source` of events that carry none. Default: the name of the service; outside of one, `unknown`. */
  readonly source?: string
  /**
   * The name under which the service reads. One streaming state reads a topic under a name at a time. Default: the service's name and environment, as
   * `blog-production`.
   */
  readonly group?: string
  /** The largest event taken, in encoded bytes: body, key and headers. Default 1 000 000, at most 100 000 000. */
  readonly maxEventBytes?: number
  /** How long a `poll` waits for its first event; milliseconds. Default 1000. */
  readonly pollWaitMs?: number
  /** The most events that one `poll` returns. Fewer, but at least one, where they are large (16 MB together). Default 500. */
  readonly pollBatch?: number
  /** Which events are deleted, whether or not they were read. Default: none. */
  readonly retention?: Retention
  /** How long a `publish` waits for another process that keeps the log locked, in milliseconds; while others commit, it waits on. Default 10 000. */
  readonly writeTimeoutMs?: number
  /**
   * `FULL`: a published event survives the loss of power. `NORMAL`: it survives the death of every process, and the newest ones may be
   * lost with the power. Default `FULL`.
   */
  readonly synchronous?: 'FULL' | 'NORMAL'
}

/**
 * Which events may go, the oldest first, a while after others were published. The newest event always stays.
 * @public
 */
export interface Retention {
  /** Those published longer ago; milliseconds. */
  readonly maxAgeMs?: number
  /** Those that make all topics together larger; encoded bytes. The file keeps its size and reuses the room. */
  readonly maxBytes?: number
}
