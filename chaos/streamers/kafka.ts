import { makeTopics } from '../../examples/support/topics'
import type { ChaosStreamer } from './streamer'

const SESSION_MS = 2_000
const PARTITIONS = 3

/** Where the request's name is, behind its length. */
const API_KEY_AT = 4
const PRODUCE = 0
const OFFSET_COMMIT = 8

/** Kafka: one broker, each topic in several partitions. Sessions are short, so that those of killed services do not hold up the run. */
export const kafka: ChaosStreamer = {
  name: 'kafka',
  connector: (url) => ({
    package: '@boostercloud/kafka-streamer',
    name: 'KafkaStreamer',
    options: {
      brokers: [url],
      connectTimeoutMs: 1_000,
      requestTimeoutMs: 3_000,
      producer: { timeoutMs: 10_000 },
      consumer: { sessionTimeoutMs: SESSION_MS, heartbeatIntervalMs: 200 },
    },
  }),
  server: {
    broker: 'kafka',
    settings: (proxyPort) => ({
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxyPort}`,
      'num.partitions': String(PARTITIONS),
      'group.min.session.timeout.ms': String(SESSION_MS),
    }),
    prepare: (url) => makeTopics({ url }, ['a', 'b']),
    faults: ['kill', 'cut', 'lose-answer', 'half-open', 'stall', 'delay'],
    isRequest: { publish: isRequest(PRODUCE), acknowledge: isRequest(OFFSET_COMMIT) },
  },
  // The group's offsets are the position: nothing of it is kept with the service.
  neverReached: ['receive.before-position', 'receive.after-position'],
  sessionMs: SESSION_MS,
  patienceMs: SESSION_MS,
  stallMs: 60_000,
  settleMs: 5_000,
}

function isRequest(apiKey: number): (bytes: Buffer) => boolean {
  return (bytes) => bytes.length > API_KEY_AT + 1 && bytes.readInt16BE(API_KEY_AT) === apiKey
}
