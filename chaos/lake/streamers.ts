import { STREAMERS } from '../streamers'
import type { ChaosStreamer } from '../streamers'

/** What a lake is recorded from. RabbitMQ's queues have no positions: an event that is delivered again long after is recorded again there. */
export const LAKE_STREAMERS = STREAMERS.filter(({ name }) => name !== 'rabbitmq')

/** Throws for another name. */
export function recordedStreamer(name: string): ChaosStreamer {
  const streamer = LAKE_STREAMERS.find((one) => one.name === name)
  if (streamer) return streamer
  throw new Error(`--lake knows ${LAKE_STREAMERS.map((one) => one.name).join(', ')}, not '${name}'.`)
}
