import type { StreamerConnector } from './streamer-connector'
import type { StreamerLogger } from './optional'
import type { StreamerError } from './streamer-error'

/**
 * A segment that a recording has stored.
 * @experimental
 */
export interface RecordedSegment {
  /** Where it is in the store, as `segments/2026-11-30/….parquet`. */
  readonly path: string
  readonly events: number
  /** When its last event was recorded. */
  readonly recordedAt: Date
}

/**
 * Events that the broker has deleted before they were recorded.
 * @experimental
 */
export interface RecordingGap {
  readonly partition: string
  /** The log of the partition, where the broker tells. */
  readonly log?: string
  /** The first and the last missing position. Where a log counts several topics, some of them are positions of other topics. */
  readonly first: number
  readonly last: number
  /** When the last event before the gap was recorded, RFC 3339. Absent: nothing is recorded before it. */
  readonly after?: string
  /** When the first event behind the gap was published, RFC 3339. Absent: there was none yet. */
  readonly before?: string
  /** When the gap was found, RFC 3339. */
  readonly foundAt: string
}

/**
 * How the recording of one address is.
 * @experimental
 */
export interface RecordingHealth {
  readonly address: string
  readonly healthy: boolean
  /**
   * `poll-fails`: the streamer cannot be polled. `storage-fails`: nothing can be stored at present; it is tried again. `ended`: nothing is recorded any more; the log
   * says why. `starting`: the store could not be opened yet; it is tried again.
   */
  readonly problem?: 'poll-fails' | 'storage-fails' | 'ended' | 'starting'
  /** The code of the failure. */
  readonly lastError?: string
  /** Events that this recording has stored. */
  readonly recorded: number
  /** Events that it has read and that are not stored yet. */
  readonly unrecorded: number
  /** Events that the broker has and that were not read, as far as the streamer can say it. */
  readonly lag?: number
  /** Events a second, of all addresses together, of the last segment. */
  readonly perSecond: number
  readonly lastSegment?: RecordedSegment
  /** Events of the address that are missing for good, of all recordings into this store. Says nothing of `healthy`. */
  readonly gaps?: readonly RecordingGap[]
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
   * Polls no more, and stores what was read. Resolves when that is acknowledged. Rejects where nothing can be stored: what is not stored comes again from the
   * broker.
   */
  stop(): Promise<void>
}

/**
 * A service whose events are recorded.
 * @experimental
 */
export interface RecordedService {
  readonly appName: string
  readonly environment: string
  /** Its streamers, by their ids. None of them is read by: each recorder makes its own by `copyFor`. */
  readonly streamers: Readonly<Record<string, StreamerConnector>>
  /** All addresses that it publishes to or handles. */
  readonly addresses: readonly string[]
  readonly logger: StreamerLogger
}

/**
 * What a recorder has stored of a service, whether or not the service runs.
 * @experimental
 */
export interface RecorderStatus {
  /** Of all addresses in the store. */
  readonly events: number
  /** When the last event was recorded, RFC 3339. Absent: none is. */
  readonly lastRecordedAt?: string
  readonly addresses: readonly {
    readonly address: string
    /** Events that the broker has and that are not recorded, as far as the streamer can say it. */
    readonly lag?: number
    readonly gaps: readonly RecordingGap[]
  }[]
}

/**
 * Records the events of a service: what `config.streaming.lake` takes, as `Lake.with` of `@boostercloud/streamers-lake`.
 * @experimental
 */
export interface EventRecorder {
  /** Where the events are stored, as messages name it. */
  readonly place: string
  /** The addresses that are recorded of a service. Throws `OPTION_INVALID`. */
  addressesOf(service: Pick<RecordedService, 'addresses'>): readonly string[]
  /**
   * Records from now on, in groups of its own, so that handlers are given all of their events. Rejects with `OPTION_INVALID` for a streamer that cannot be recorded
   * inside of its service, and with a `STORAGE_…` error where nothing can be stored; one that is `retryable` may pass.
   */
  recordService(service: RecordedService): Promise<Recording>
  /** What is stored, and how far it is behind. Reads no event. Rejects with a `STORAGE_…` error. */
  status(service: RecordedService): Promise<RecorderStatus>
}
