import { NatsStreamer } from '@boostercloud/nats-streamer'
import { connectorAlone } from '../ours/connector'
import type { StreamerOn } from '../ours/connector'
import { streamers } from '../ours/streamers'

/** As a service has it that says nothing but where the server is; each topic has a stream of its own. */
const streamerOn: StreamerOn = ({ broker, topic }) => NatsStreamer.with({ servers: `nats://${broker}`, stream: topic })

/** `NatsStreamer` by itself. */
export const connector = connectorAlone(streamerOn)
/** With the core. */
export const oneByOne = streamers(streamerOn, false)
/** With the core and a handler that takes many at once. */
export const inBatches = streamers(streamerOn, true)
