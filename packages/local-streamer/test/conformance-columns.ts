import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cloudEvents } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'
import { openSqlite } from '@boostercloud/streamer-sqlite'
import { asTexts } from '@boostercloud/streamer-testkit/conformance'
import type { ConformanceColumn, ConnectorUnderTest, RawRecord } from '@boostercloud/streamer-testkit/conformance'
import { LocalStreamer } from '../src'
import { APPLICATION_ID, MIGRATIONS } from '../src/log/schema'
import { Note } from './support/note'

/** The receiver keeps the position here. */
const OF_A_BROKER_POSITION = [
  'acknowledge_settles_without_fetching',
  'each_event_once_a_session',
  'id_of_another_session_settles_nothing',
]

/** There is no server that could go away, be made to wait, have topics made, or refuse one event of a batch. */
const OF_A_BROKER = [
  'close_while_disconnected_ends',
  'health_follows_the_broker',
  'order_by_key_reconnect',
  'outage_is_bounded',
  'partial_failure_names_what_failed',
  'provision_is_idempotent',
  'publish_while_away_rejects',
  'reconnects_after_broker_restart',
  'silent_broker_leaves_nothing',
  'stall_is_unhealthy',
  'sweep_after_reconnect',
]

function setUp(): ConnectorUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'local-streamer-'))
  const path = join(folder, 'log')
  let topics = 0
  return {
    create: ({ pollWaitMs }) => LocalStreamer.with({ path, pollWaitMs }),
    topic: () => `topic-${topics++}`,
    inOtherProcess: { modulePath: join(__dirname, 'support/other-process.ts'), argument: path },
    unreachable() {
      writeFileSync(join(folder, 'a file'), '')
      return LocalStreamer.with({ path: join(folder, 'a file/log') })
    },
    async publishForeign(topic, body, headers) {
      const codec: Codec = { ...cloudEvents, encode: () => ({ body, headers, attributes: {} }) }
      const producer = LocalStreamer.with({ path, codec })
      await producer.publish([new Note('')], topic)
      await producer.close()
    },
    publishRaw: (topic, record) => publishRaw(path, topic, record),
    hostile: [
      {
        name: 'a row whose columns are no JSON',
        body: Buffer.from('a row'),
        publish: (topic) => writeRow(path, topic, Buffer.from('a row')),
      },
    ],
    tearDown: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The log has texts beside the body; what else may stand there only a program without this streamer can write. */
async function publishRaw(path: string, topic: string, record: RawRecord): Promise<boolean> {
  const message = asTexts(record)
  if (message === undefined) return false
  const producer = LocalStreamer.with({ path, codec: { ...cloudEvents, encode: () => message } })
  await producer.publish([new Note('')], topic)
  await producer.close()
  return true
}

/** As a program does that has the file and knows nothing of its form. */
async function writeRow(path: string, topic: string, body: Uint8Array): Promise<void> {
  const file = await openSqlite({
    path: join(path, 'log.sqlite'),
    applicationId: APPLICATION_ID,
    migrations: MIGRATIONS,
    purpose: 'a stranger',
  })
  const insert = `INSERT INTO events (topic, published_at, bytes, attributes, headers, body)
    VALUES (?1, (SELECT max(published_at) FROM events), 0, '{', 'null', ?2)`
  await file.write((statements) => statements.run(insert, topic, body))
  await file.close()
}

/** The columns of the conformance table that are this package's. */
export const columns: readonly ConformanceColumn[] = [
  {
    name: 'local',
    setUp,
    options: {
      capabilities: {
        position: 'receiver',
        ordering: 'topic',
        durable: true,
        replay: true,
        places: true,
        delivery: 'poll',
        maxEventBytes: 1_000_000,
        defaultTopic: undefined,
        topicRequired: true,
      },
      skipped: [...OF_A_BROKER_POSITION, ...OF_A_BROKER],
    },
  },
]
