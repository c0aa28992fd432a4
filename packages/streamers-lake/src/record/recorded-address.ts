import type { StreamerConnector, StreamerConnectorPollingInterface } from '@boostercloud/streamer-connector'

/** An address that is recorded. */
export interface RecordedAddress {
  readonly streamer: string
  readonly topic?: string
  readonly connector: StreamerConnector & StreamerConnectorPollingInterface
  /** Whether the recorder has made it, and closes it. */
  readonly isOwn: boolean
}
