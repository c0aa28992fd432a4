import { kafka } from './kafka'
import { local } from './local'
import { nats } from './nats'
import { rabbitmq } from './rabbitmq'
import type { ChaosStreamer } from './streamer'

export { local }
export type { ChaosStreamer, ConnectorChoice } from './streamer'

/** What the chain can run on. */
export const STREAMERS: readonly ChaosStreamer[] = [local, kafka, rabbitmq, nats]

/** The streamer of a name; throws with the names that there are. */
export function streamerNamed(name: string): ChaosStreamer {
  const streamer = STREAMERS.find((one) => one.name === name)
  if (streamer) return streamer
  throw new Error(`--streamer knows ${STREAMERS.map((one) => one.name).join(', ')}, not '${name}'.`)
}
