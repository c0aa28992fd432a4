import type {
  StreamerConnectorPollingInterface,
  StreamerConnectorPublishInterface,
} from '@boostercloud/streamer-connector'

/**
 * A connector that a case works with. Cases need `poll` before they use it.
 * @experimental
 */
export type OpenConnector = StreamerConnectorPublishInterface & StreamerConnectorPollingInterface
