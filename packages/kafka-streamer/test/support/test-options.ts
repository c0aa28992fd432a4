import type { KafkaStreamerOptions } from '../../src'

/** Short times, so that tests are fast; 6 seconds is the shortest session that a broker takes unless it is told otherwise. */
export const TEST_OPTIONS = {
  requestTimeoutMs: 3_000,
  producer: { timeoutMs: 8_000 },
  consumer: {
    pollWaitMs: 100,
    sessionTimeoutMs: 6_000,
    heartbeatIntervalMs: 200,
    fetchWaitMs: 50,
    commitIntervalMs: 100,
  },
} satisfies Omit<KafkaStreamerOptions, 'brokers'>
