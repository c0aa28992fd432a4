import type { StreamerConnector, StreamerError, StreamerLogger } from '@boostercloud/streamer-connector'

/**
 * What is recorded, and by what.
 * @experimental
 */
export interface RecordOptions {
  /**
   * The streamers, by their ids. They are the recorder's own: a connector that a service reads by as well would take the service's events. Each reads in a group
   * of its own, `<appName>-lake-<environment>`, unless its options name one. Close them yourself, after the recording has stopped.
   */
  readonly streamers: Readonly<Record<string, StreamerConnector>>
  /** What is recorded, from the first event that there is: addresses as `main-kafka/posts`. */
  readonly addresses: readonly string[]
  /** The service for which it is recorded. Default `streamers`. */
  readonly appName?: string
  /** Default `production`. */
  readonly environment?: string
  /** Where the recorder says what an operator should know. Default: warnings and errors on standard error. */
  readonly logger?: StreamerLogger
}

/**
 * How the recording of one address is.
 * @experimental
 */
export interface RecordingHealth {
  readonly address: string
  readonly healthy: boolean
  /** `poll-fails`: the streamer cannot be polled. `storage-fails`: the lake cannot be written. */
  readonly problem?: 'poll-fails' | 'storage-fails'
  /** The code of the failure. */
  readonly lastError?: string
  /** Events that this recording has put into the lake. */
  readonly recorded: number
  /** Events that it has read and that are not in the lake yet. */
  readonly unrecorded: number
  /** Events that the broker has and that were not read, as far as the streamer can say it. */
  readonly lag?: number
  /** Events a second, of all addresses together, of the last segment. */
  readonly perSecond: number
  readonly lastSegment?: RecordedSegment
}

/**
 * A segment that a recording has put into the lake.
 * @experimental
 */
export interface RecordedSegment {
  /** In the lake, as `segments/2026-11-30/….parquet`. */
  readonly path: string
  readonly events: number
  /** When its last event was recorded. */
  readonly recordedAt: Date
}

/**
 * A recording that runs.
 * @experimental
 */
export interface Recording {
  /** Resolves with the reason when nothing more can be recorded, and `stop` is all that is left to do. What passes, as a full disk, is waited for. Never rejects. */
  readonly failed: Promise<StreamerError>
  /** Undefined until there is one. */
  readonly lastSegment?: RecordedSegment
  /** How it is at this moment, for each address. It asks each broker for the lag. Never rejects. */
  health(): Promise<readonly RecordingHealth[]>
  /**
   * Polls no more, and puts what was read into the lake. Resolves when that is acknowledged. Rejects where the lake cannot be written: what is not in it comes
   * again from the broker.
   */
  stop(): Promise<void>
}
