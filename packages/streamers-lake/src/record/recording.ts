import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'

/**
 * What is recorded, and by what.
 * @experimental
 */
export interface RecordOptions {
  /**
   * The streamers, by their ids. The recorder makes its own by `copyFor`, where a streamer has that, and closes them when it stops. They read in a group of their own,
   * `<appName>-lake-<environment>`; where the options name a group `G`, it is `G-lake`. A streamer without `copyFor` is used itself: a service must not read by it as well. Close
   * the given ones yourself, after the recording has stopped.
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
