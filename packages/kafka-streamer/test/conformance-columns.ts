import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { startServer } from '@boostercloud/dev-brokers'
import type { ConformanceColumn, ConnectorUnderTest } from '@boostercloud/streamer-testkit/conformance'
import { KafkaStreamer } from '../src'
import { KafkaProxy } from './support/kafka-proxy'
import { publishRaw } from './support/publish-raw'
import { TEST_OPTIONS } from './support/test-options'

/** The brokers keep the position. */
const OF_A_RECEIVER_POSITION = ['poll_resumes_from_last_id']

/** Limits for a broker that does not answer. */
const SILENT = { connectTimeoutMs: 200, requestTimeoutMs: 200, producer: { timeoutMs: 500 } }

/** All clients come through a proxy, which refuses what a broker with a validation of its own would. */
async function setUp(): Promise<ConnectorUnderTest> {
  let target = 0
  const proxy = await KafkaProxy.listen(() => target)
  const broker = `127.0.0.1:${proxy.port}`
  const server = await startServer('kafka', { settings: { 'advertised.listeners': `PLAINTEXT://${broker}` } }).catch(
    async (error: unknown) => {
      await proxy.close()
      throw error
    }
  )
  target = Number(server.url.split(':').at(-1))
  const foreign = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
  return {
    create: ({ pollWaitMs }) =>
      KafkaStreamer.with({
        ...TEST_OPTIONS,
        brokers: [broker],
        consumer: { ...TEST_OPTIONS.consumer, pollWaitMs },
      }),
    async topic() {
      const topic = `topic-${randomUUID()}`
      const maker = KafkaStreamer.with({ ...TEST_OPTIONS, brokers: [broker] })
      await maker.provision([topic]).finally(() => maker.close())
      return topic
    },
    inOtherProcess: { modulePath: join(__dirname, 'support/other-process.ts'), argument: broker },
    unreachable: () => KafkaStreamer.with({ ...TEST_OPTIONS, brokers: ['127.0.0.1:1'] }),
    at: (port) => KafkaStreamer.with({ ...TEST_OPTIONS, ...SILENT, brokers: [`127.0.0.1:${port}`] }),
    async publishForeign(topic, value, headers) {
      const producer = foreign.producer()
      await producer.connect()
      await producer.send({ topic, messages: [{ value: Buffer.from(value), headers: { ...headers } }] })
      await producer.disconnect()
    },
    publishRaw: (topic, record) => publishRaw(foreign, topic, record),
    refuseNext: (indexes) => proxy.refuse(indexes),
    broker: {
      kill: () => server.kill(),
      start: () => server.restart(),
      stall: () => server.stall(),
      goOn: () => server.goOn(),
    },
    async tearDown() {
      await proxy.close()
      await server.stop()
    },
  }
}

/** The columns of the conformance table that are this package's. */
export const columns: readonly ConformanceColumn[] = [
  {
    name: 'kafka',
    setUp,
    options: {
      capabilities: {
        position: 'broker',
        ordering: 'key',
        durable: true,
        replay: true,
        places: true,
        delivery: 'both',
        maxEventBytes: 1_000_000,
        defaultTopic: undefined,
        topicRequired: true,
      },
      limitMs: 60_000,
      slowHandlerMs: 7_000,
      skipped: OF_A_RECEIVER_POSITION,
    },
  },
]
