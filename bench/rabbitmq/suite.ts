import { DEFAULTS } from '../ours/defaults'
import type { Entrant, Suite } from '../scenarios/suite'
import { modelOn } from './amqplib'
import { PREFETCH, queueOf } from './settings'
import { shapeOfQueue } from './shape'
import { streamerOn } from './streamers'

const amqplib: Entrant = { system: 'rabbitmq/amqplib', title: 'amqplib', ours: false, isClient: true }
const connector: Entrant = { system: 'rabbitmq/connector', title: 'RabbitMQStreamer', ours: true, isClient: true }

/** Those that are more than a client. */
const SYSTEMS: readonly Entrant[] = [
  { system: 'rabbitmq/streamers', title: 'Streamers, one by one', ours: true },
  { system: 'rabbitmq/streamers-batch', title: 'Streamers, handleBatch', ours: true },
  { system: 'rabbitmq/nestjs', title: 'NestJS, emit', ours: false },
  { system: 'rabbitmq/moleculer', title: 'moleculer channels', ours: false },
]

/** RabbitMQ: the bare client, this project, NestJS and moleculer. */
export const rabbitmq: Suite = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  server: 'rabbitmq',
  clients: [amqplib, connector],
  systems: [amqplib, connector, ...SYSTEMS],
  retrying: [amqplib, ...SYSTEMS],
  packages: [
    'amqplib-2',
    '@nestjs/microservices',
    'amqp-connection-manager',
    'moleculer',
    '@moleculer/channels',
    'amqplib',
  ],
  isQueue: true,
  settings: [
    `One node, one quorum queue, persistent messages, at most ${PREFETCH} of them with a consumer; the socket does not wait for more to send (noDelay).`,
    'amqplib by itself, and under RabbitMQStreamer, is the newest; under the peers it is the newest that moleculer takes.',
    'amqplib and RabbitMQStreamer write the same properties, headers and body into the same queue, which has a single active consumer, with confirms; the peers write the body, and what else is theirs. moleculer publishes without confirms.',
    'amqplib acknowledges each event after its handler, and gives back to the queue what fails; so does NestJS. moleculer publishes again what fails, which is its way.',
    'RabbitMQStreamer alone: polled, handled one after another, acknowledged with the next poll; no inbox.',
    `Streamers: the whole receiving side with its inbox on SQLite, without Booster; ${DEFAULTS.concurrency} keys at once, at most ${DEFAULTS.maxUnsettled} events unsettled, batches of ${DEFAULTS.batchSize}.`,
  ],

  async makeTopic(broker, topic, group) {
    const streamer = streamerOn({ broker, group })
    await streamer.provision([topic])
    await streamer.close()
  },
  shapeOf: (broker, topic, group) => shapeOfQueue(broker, queueOf({ group, topic })),

  async versionOf(broker) {
    const model = await modelOn(broker)
    const { version } = model.connection.serverProperties
    await model.close()
    return version
  },
}
