import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { startServer } from '@boostercloud/dev-brokers'
import type {
  ConformanceColumn,
  ConnectorUnderTest,
  OwnHostileRecord,
} from '@boostercloud/streamer-testkit/conformance'
import { NatsStreamer } from '../src'
import type { NatsStreamerOptions } from '../src'
import { create } from './support/other-process'
import { publishPlainly } from './support/plain-client'
import { blockOf, publishBlocks, publishRaw } from './support/publish-raw'
import { unusedPort } from './support/unused-port'
import { OWN_SERVER } from './support/use-streamers'

/** No server refuses one event of a batch that is like the others. */
const OF_ANOTHER_BROKER = ['partial_failure_names_what_failed']

/** The server keeps the position of those that compete. */
const OF_A_RECEIVER_POSITION = ['poll_resumes_from_last_id']

/** The receiver keeps it. */
const OF_A_BROKER_POSITION = [
  'acknowledge_settles_without_fetching',
  'each_event_once_a_session',
  'id_of_another_session_settles_nothing',
]

/** Among those that compete nothing is in order. */
const OF_AN_ORDER = [
  'drain_on_sigterm',
  'handled_after_crash',
  'order_by_key_reconnect',
  'order_by_key_retry',
  'order_by_key_steady',
  'poison_blocks_only_its_key',
  'redrive_once',
]

const STREAM = 'conformance'

async function setUp(own: Partial<NatsStreamerOptions> = {}): Promise<ConnectorUnderTest> {
  const server = await startServer('nats', { ways: OWN_SERVER })
  const options = { servers: server.url, stream: STREAM, ...own }
  const provisioner = NatsStreamer.with(options)
  const nowhere = `nats://127.0.0.1:${await unusedPort()}`
  return {
    create: (overrides) => create(options, overrides),
    async topic() {
      const topic = `topic ${randomUUID()}`
      await provisioner.provision([topic])
      return topic
    },
    inOtherProcess: { modulePath: join(__dirname, 'support/other-process.ts'), argument: options },
    unreachable: () => NatsStreamer.with({ ...options, servers: nowhere }),
    at: (port) => NatsStreamer.with({ ...options, servers: `nats://127.0.0.1:${port}`, connectTimeoutMs: 200 }),
    publishForeign: (topic, body, headers) => publishPlainly(server.url, subjectOf(topic), body, headers),
    publishRaw: (topic, record) => publishRaw(server.url, subjectOf(topic), record),
    hostile: [wordsOfTheServer(server.url)],
    broker: {
      kill: () => server.kill(),
      start: () => server.restart(),
      stall: () => server.stall(),
      goOn: () => server.goOn(),
    },
    async tearDown() {
      await provisioner.close()
      await server.stop()
    },
  }
}

const subjectOf = (topic: string): string => `${STREAM}.${topic.replaceAll(' ', '%20')}`

/** Headers by which a server says that nothing more comes. */
function wordsOfTheServer(url: string): OwnHostileRecord {
  const body = Buffer.from('{"hostile":"words of the server"}')
  const block = blockOf('NATS/1.0 409 Consumer Deleted', 'Nats-Pending-Messages: 1000000', 'no colon', ': no name')
  return {
    name: 'words of the server',
    body,
    publish: (topic) => publishBlocks(url, subjectOf(topic), [[block, body]]),
  }
}

const CAPABILITIES = {
  durable: true,
  replay: true,
  places: true,
  delivery: 'poll',
  maxEventBytes: 1_000_000,
  topicRequired: true,
} as const

/** Shorter than by default, so that a slow handler outlasts it; longer than a busy machine holds up what extends it. */
const ACK_WAIT_MS = 5_000

/** The columns of the conformance table that are this package's. */
export const columns: readonly ConformanceColumn[] = [
  {
    name: 'nats',
    setUp,
    options: {
      capabilities: { ...CAPABILITIES, position: 'receiver', ordering: 'key' },
      skipped: [...OF_A_BROKER_POSITION, ...OF_ANOTHER_BROKER],
    },
  },
  {
    name: 'nats (competing)',
    setUp: () => setUp({ ordering: 'none', ackWaitMs: ACK_WAIT_MS }),
    options: {
      capabilities: { ...CAPABILITIES, position: 'broker', ordering: 'none' },
      skipped: [...OF_A_RECEIVER_POSITION, ...OF_AN_ORDER, ...OF_ANOTHER_BROKER],
      slowHandlerMs: ACK_WAIT_MS + 2_000,
    },
  },
]
