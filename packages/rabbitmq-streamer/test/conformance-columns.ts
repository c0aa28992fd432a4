import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'amqplib'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import type {
  Broker,
  ConformanceColumn,
  ConnectorUnderTest,
  OwnHostileRecord,
} from '@boostercloud/streamer-testkit/conformance'
import { RabbitMQStreamer } from '../src'
import type { RabbitMQStreamerOptions } from '../src'
import { FLAG, nestedLists, table } from './support/amqp-bytes'
import type { Properties } from './support/amqp-bytes'
import { publishProperties, publishRaw } from './support/publish-raw'

/** The broker keeps the position here, and nothing old. */
const OF_A_LOG = [
  'new_subscriber_gets_old_events',
  'poll_resumes_from_last_id',
  'places_are_stable',
  'replay_by_position',
  'replay_by_time',
  'replay_moves_no_position',
]

/** RabbitMQ refuses no single event of a batch at a test's wish; the connector's own tests have some refused. */
const REFUSED = ['partial_failure_names_what_failed']

const OF_AN_ORDER = [
  'drain_on_sigterm',
  'handled_after_crash',
  'order_by_key_reconnect',
  'order_by_key_retry',
  'order_by_key_steady',
  'poison_blocks_only_its_key',
  'redrive_once',
]

async function setUp(ordering: 'key' | 'none'): Promise<ConnectorUnderTest> {
  const server = await startServer('rabbitmq')
  const { url } = server
  const options: RabbitMQStreamerOptions = { url, ordering }
  let topics = 0
  return {
    create: ({ pollWaitMs }) => RabbitMQStreamer.with({ publishTimeoutMs: PUBLISH_MS, ...options, pollWaitMs }),
    topic: () => `topic-${topics++}`,
    inOtherProcess: {
      modulePath: join(__dirname, 'support/other-process.ts'),
      argument: { ...options, ...OTHER_PROCESS },
    },
    unreachable: () => RabbitMQStreamer.with({ url: 'amqp://127.0.0.1:1' }),
    at: (port) =>
      RabbitMQStreamer.with({ url: `amqp://127.0.0.1:${port}`, connectTimeoutMs: 200, publishTimeoutMs: 500 }),
    publishForeign: (topic, body, headers) => publishForeign(url, topic, body, headers),
    publishRaw: (topic, record) => publishRaw(url, topic, record),
    hostile: [nestedHeader(url)],
    broker: brokerOf(server),
    tearDown: () => server.stop(),
  }
}

/**
 * A process that is stopped must lose its group while a case waits, so RabbitMQ has to miss its heartbeats sooner than by default. The suite's own
 * process keeps the default: where a busy machine holds it up for twice a short heartbeat, RabbitMQ cuts it off and delivers again what is unsettled.
 */
const OTHER_PROCESS: Partial<RabbitMQStreamerOptions> = { heartbeatSeconds: 5 }

/** How long a node may take to confirm 2,500 events, each of them synced, on a disk that others write to as well. */
const PUBLISH_MS = 30_000

/**
 * A node writes the names of new quorum queues down a moment after it has made them (Ra's table of names, saved after half a second of
 * rest): killed before that, a node that is alone never finds them again.
 */
const QUEUES_WRITTEN_MS = 2500

function brokerOf(server: Server): Broker | undefined {
  if (server.way === 'environment') return undefined
  return {
    async kill() {
      await pause(QUEUES_WRITTEN_MS)
      await server.kill()
    },
    start: () => server.restart(),
    stall: () => server.stall(),
    goOn: () => server.goOn(),
  }
}

async function publishForeign(
  url: string,
  topic: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>
): Promise<void> {
  const connection = await connect(url)
  const channel = await connection.createConfirmChannel()
  channel.publish('streamers', topic, Buffer.from(body), { headers })
  await channel.waitForConfirms()
  await connection.close()
}

/** Deeper than what reads headers by recursion can follow. */
function nestedHeader(url: string): OwnHostileRecord {
  const body = Buffer.from('{"hostile":"nested header"}')
  const properties: Properties = [[FLAG.headers, table(['list', nestedLists(20_000)])]]
  return {
    name: 'a header nested 20,000 levels',
    body,
    publish: (topic) => publishProperties(url, topic, body, properties),
  }
}

function column(name: string, ordering: 'key' | 'none', skipped: readonly string[]): ConformanceColumn {
  return {
    name,
    setUp: () => setUp(ordering),
    options: {
      capabilities: {
        position: 'broker',
        ordering,
        durable: true,
        replay: false,
        delivery: 'both',
        maxEventBytes: 1_000_000,
        topicRequired: true,
      },
      skipped,
      limitMs: 60_000,
    },
  }
}

/** The columns of the conformance table that are this package's. */
export const columns: readonly ConformanceColumn[] = [
  column('rabbitmq', 'key', [...OF_A_LOG, ...REFUSED]),
  column('rabbitmq (competing)', 'none', [...OF_A_LOG, ...REFUSED, ...OF_AN_ORDER]),
]
