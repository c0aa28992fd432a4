import type { StreamerConnector } from '@boostercloud/streamer-connector'

/**
 * How far a replay is: what a further one begins behind.
 * @experimental
 */
export interface ReplayedTo {
  /** From which new ids follow; the same one gives the same ids again. */
  readonly seed: string
  /** By partition, the last position that is published. */
  readonly positions: Readonly<Record<string, number>>
  /** By address, how many events without a position are published. */
  readonly counts: Readonly<Record<string, number>>
}

/**
 * How recorded events are published again.
 * @experimental
 */
export interface LakeReplayOptions {
  /** Where to. It stays open. */
  readonly into: { readonly connector: StreamerConnector; readonly topic?: string }
  /** How many times as fast as they were published, by their times. Default: as fast as they are taken. */
  readonly speed?: number
  /** Whether each gets an id of its own, so that services handle it which have handled it before. Default false. */
  readonly newIds?: boolean
  /** The `ReplayedTo` of a replay that was interrupted, with the same filter. Default: from the beginning. */
  readonly after?: ReplayedTo
  /** Whether events may be published to the log and topic that they were recorded from. Default false. */
  readonly isSameLog?: boolean
  /** Called when events are published: how many in all, and how far it is. */
  readonly onPublished?: (count: number, to: ReplayedTo) => void
  /** Ends it: what is being published is waited for. */
  readonly signal?: AbortSignal
}

/**
 * What a replay has published.
 * @experimental
 */
export interface LakeReplayed extends ReplayedTo {
  readonly events: number
}
