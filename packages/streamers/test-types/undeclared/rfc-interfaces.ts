import type { EventInterface } from '@boostercloud/framework-types'
import type { StreamerConnector as Ours, ExternalEvent as OurExternalEvent } from '@boostercloud/streamers'

// The interfaces of the RFC, to the letter.
interface ExternalEvent {
  streamerId: string
  streamerTopic?: string
  eventPayload: EventInterface | unknown
}

type StreamerConnector = StreamerConnectorPublishInterface &
  (StreamerConnectorPollingInterface | StreamerConnectorFaaSInterface)

interface StreamerConnectorPublishInterface {
  publish(events: EventInterface[], topic?: string): Promise<void>
}

interface StreamerConnectorPollingInterface {
  poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]>
}

interface StreamerConnectorFaaSInterface {
  transformEvents(events: unknown[], topic?: string): Promise<ExternalEvent[]>
}

// A connector written to the RFC is one of ours, and one of ours serves where the RFC's is asked for.
declare const theirs: StreamerConnector
declare const ours: Ours
export const accepted: Ours = theirs
export const serves: StreamerConnector = ours

// What we added to ExternalEvent is optional.
declare const theirEvent: ExternalEvent
declare const ourEvent: OurExternalEvent
export const acceptedEvent: OurExternalEvent = theirEvent
export const servesAsEvent: ExternalEvent = ourEvent

// And the checks can fail: a connector that cannot publish, or cannot receive, is none.
// @ts-expect-error no publish
export const mute: Ours = { poll: async () => [] }
// @ts-expect-error neither poll nor transformEvents
export const deaf: Ours = { publish: async () => undefined }
