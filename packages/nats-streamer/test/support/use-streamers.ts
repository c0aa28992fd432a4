import { randomUUID } from 'node:crypto'
import type { Server, Way } from '@boostercloud/dev-brokers'
import { NatsStreamer } from '../../src'
import type { NatsStreamerOptions } from '../../src'

/** Ways to a server that may be killed and told its settings: not one that the environment names. */
export const OWN_SERVER: readonly Way[] = ['container', 'installed', 'fetched']

/** Registers hooks that give each test a stream of its own and close the streamers that it made. */
export function useStreamers(server: () => Server): {
  stream(): string
  streamer(options?: Partial<NatsStreamerOptions>): NatsStreamer
} {
  let stream: string
  let made: NatsStreamer[] = []
  beforeEach(() => {
    stream = `test-${randomUUID()}`
  })
  afterEach(async () => {
    await Promise.all(made.map((streamer) => streamer.close()))
    made = []
  })
  return {
    stream: () => stream,
    streamer(options = {}) {
      const streamer = NatsStreamer.with({ servers: server().url, stream, pollWaitMs: 400, ...options })
      made.push(streamer)
      return streamer
    },
  }
}
