import type { Entrant, Suite } from '../scenarios/suite'
import { DEFAULTS } from '../ours/defaults'
import { clientOf } from './kafkajs'
import { FETCH_BYTES, PARTITIONS } from './settings'
import { shapeOf } from './shape'

const kafkajs: Entrant = { system: 'kafka/kafkajs', title: 'kafkajs', ours: false, isClient: true }
const connector: Entrant = { system: 'kafka/connector', title: 'KafkaStreamer', ours: true, isClient: true }

/** Those that are more than a client. */
const SYSTEMS: readonly Entrant[] = [
  { system: 'kafka/streamers', title: 'Streamers, one by one', ours: true },
  { system: 'kafka/streamers-batch', title: 'Streamers, handleBatch', ours: true },
  { system: 'kafka/nestjs-emit', title: 'NestJS, emit', ours: false },
  { system: 'kafka/nestjs-emit-batch', title: 'NestJS, emitBatch', ours: false },
  { system: 'kafka/moleculer', title: 'moleculer channels', ours: false },
]

/** Kafka: the bare client, this project, NestJS and moleculer. */
export const kafka: Suite = {
  name: 'kafka',
  title: 'Kafka',
  server: 'kafka',
  clients: [kafkajs, connector],
  systems: [kafkajs, connector, ...SYSTEMS],
  retrying: [kafkajs, ...SYSTEMS],
  isQueue: false,
  packages: ['kafkajs', '@nestjs/microservices', 'moleculer', '@moleculer/channels'],
  settings: [
    `One topic of ${PARTITIONS} partitions, one broker, acks=all, no compression; kafkajs and KafkaStreamer idempotent, the peers as documented.`,
    'kafkajs and KafkaStreamer write the same key, headers and body; the peers write key and body alone. No producer waits for more to send (no linger).',
    `Polling alone: both fetch ${FETCH_BYTES} bytes of a partition at once, which is KafkaStreamer's default; everywhere else kafkajs has its own, 1 MB. kafkajs and NestJS take one partition after another, their default.`,
    'KafkaStreamer alone: polled, handled one after another, acknowledged with the next poll; no inbox.',
    `Streamers: the whole receiving side with its inbox on SQLite, without Booster; ${DEFAULTS.concurrency} keys at once, at most ${DEFAULTS.maxUnsettled} events unsettled, batches of ${DEFAULTS.batchSize}.`,
    'NestJS: events through ClientKafka, a handler that fails throws KafkaRetriableException. moleculer: partitions read concurrently, its default retries. Neither is idempotent, has an inbox, or logs.',
  ],

  async makeTopic(broker, topic) {
    const admin = clientOf(broker).admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true })
    await admin.disconnect()
  },
  shapeOf,
}
