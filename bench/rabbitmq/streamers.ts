import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'
import { connectorAlone } from '../ours/connector'
import { streamers } from '../ours/streamers'
import type { Target } from '../measure/contender'

/** `RabbitMQStreamer` as a service has it that says nothing but where the server is and who it is. */
export function streamerOn({ broker, group }: Pick<Target, 'broker' | 'group'>): RabbitMQStreamer {
  return RabbitMQStreamer.with({ url: `amqp://${broker}`, queue: group })
}

/** `RabbitMQStreamer` by itself. */
export const connector = connectorAlone(streamerOn)
/** With the core. */
export const oneByOne = streamers(streamerOn, false)
/** With the core and a handler that takes many at once. */
export const inBatches = streamers(streamerOn, true)
