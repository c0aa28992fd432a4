import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { connectorAlone } from '../ours/connector'
import type { StreamerOn } from '../ours/connector'
import { streamers } from '../ours/streamers'

const streamerOn: StreamerOn = ({ broker, group }) =>
  KafkaStreamer.with({ brokers: [broker], clientId: 'bench', consumer: { groupId: group } })

/** `KafkaStreamer` by itself. */
export const connector = connectorAlone(streamerOn)
/** With the core. */
export const oneByOne = streamers(streamerOn, false)
/** With the core and a handler that takes many at once. */
export const inBatches = streamers(streamerOn, true)
