import type { ChaosStreamer } from './streamer'

/** The class and the method in a frame (AMQP 0-9-1 §4.2.4 and §1.8.3). */
const PUBLISH = Buffer.from([0, 60, 0, 40])
const ACKNOWLEDGE = Buffer.from([0, 60, 0, 80])

/** RabbitMQ: one node with quorum queues, each read by a single active consumer. */
export const rabbitmq: ChaosStreamer = {
  name: 'rabbitmq',
  connector: (url) => ({
    package: '@boostercloud/rabbitmq-streamer',
    name: 'RabbitMQStreamer',
    // A service may publish before the next one has made its queue.
    options: { url, unroutable: 'reject', connectTimeoutMs: 2_000, publishTimeoutMs: 5_000, heartbeatSeconds: 2 },
  }),
  server: {
    broker: 'rabbitmq',
    settings: () => ({}),
    faults: ['kill', 'cut', 'lose-answer', 'half-open', 'stall', 'delay'],
    isRequest: {
      publish: (bytes) => bytes.includes(PUBLISH),
      acknowledge: (bytes) => bytes.includes(ACKNOWLEDGE),
    },
  },
  // Settled events leave the queue: nothing of a position is kept with the service.
  neverReached: ['receive.before-position', 'receive.after-position'],
  patienceMs: 4_000,
  stallMs: 60_000,
  settleMs: 5_000,
}
