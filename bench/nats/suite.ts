import { jetstreamManager } from '@nats-io/jetstream'
import { DEFAULTS } from '../ours/defaults'
import type { Entrant, Suite } from '../scenarios/suite'
import { connectionTo } from './jetstream'
import { AHEAD, subjectOf } from './settings'
import { shapeOfStream } from './shape'

const jetstream: Entrant = { system: 'nats/jetstream', title: 'nats.js, ordered consumer', ours: false, isClient: true }
const durable: Entrant = {
  system: 'nats/jetstream-durable',
  title: 'nats.js, durable consumer',
  ours: false,
  isClient: true,
}
const connector: Entrant = { system: 'nats/connector', title: 'NatsStreamer', ours: true, isClient: true }

/** Those that are more than a client. */
const SYSTEMS: readonly Entrant[] = [
  { system: 'nats/streamers', title: 'Streamers, one by one', ours: true },
  { system: 'nats/streamers-batch', title: 'Streamers, handleBatch', ours: true },
  { system: 'nats/moleculer', title: 'moleculer channels', ours: false },
]

/** NATS JetStream: the bare client, this project and moleculer. */
export const nats: Suite = {
  name: 'nats',
  title: 'NATS JetStream',
  server: 'nats',
  clients: [jetstream, connector],
  systems: [jetstream, durable, connector, ...SYSTEMS],
  retrying: [durable, ...SYSTEMS],
  packages: ['@nats-io/jetstream', '@nats-io/transport-node', 'moleculer', '@moleculer/channels', 'nats'],
  isQueue: false,
  settings: [
    `One server, one stream on disk for each topic; at most ${AHEAD} events with a consumer.`,
    'nats.js and NatsStreamer write the same subject, headers (a message id among them, so nothing is stored twice) and body; moleculer writes the body alone.',
    'nats.js publishes all events of a batch at once; NatsStreamer those of one key one after another, so that they stay in order whatever is refused.',
    'nats.js with an ordered consumer, and NatsStreamer alone: handled one after another; whoever reads keeps the position. nats.js with a durable consumer, and moleculer: each event acknowledged after its handler, and asked for again where that fails.',
    `Streamers: the whole receiving side with position and inbox on SQLite, without Booster; ${DEFAULTS.concurrency} keys at once, at most ${DEFAULTS.maxUnsettled} events unsettled, batches of ${DEFAULTS.batchSize}.`,
  ],

  async makeTopic(broker, topic) {
    const connection = await connectionTo(broker)
    const manager = await jetstreamManager(connection)
    await manager.streams.add({ name: topic, subjects: [subjectOf(topic)] })
    await connection.close()
  },
  shapeOf: shapeOfStream,

  async versionOf(broker) {
    const connection = await connectionTo(broker)
    const version = connection.info?.version ?? 'unknown'
    await connection.close()
    return version
  },
}
