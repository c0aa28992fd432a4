import type { ChaosStreamer } from './streamer'

/** NATS JetStream: one server with its streams on disk; each service keeps its own position, and one reader of it reads at a time. */
export const nats: ChaosStreamer = {
  name: 'nats',
  connector: (url) => ({
    package: '@boostercloud/nats-streamer',
    name: 'NatsStreamer',
    options: { servers: url, connectTimeoutMs: 1_000, publishTimeoutMs: 3_000 },
  }),
  server: {
    broker: 'nats',
    settings: () => ({}),
    faults: ['kill', 'cut', 'lose-answer', 'half-open', 'stall', 'delay'],
    // Protocol: https://docs.nats.io/reference/reference-protocols/nats-protocol#hpub. What is read is asked for by requests to the API.
    isRequest: {
      publish: (bytes) => bytes.includes('HPUB streamers.'),
      acknowledge: (bytes) => bytes.includes('PUB $JS.API.CONSUMER.'),
    },
  },
  neverReached: [],
  patienceMs: 2_000,
  stallMs: 60_000,
  settleMs: 3_000,
}
