import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Codec } from '@boostercloud/streamer-connector'
import { testConnector } from '@boostercloud/streamer-testkit'
import type { ConnectorUnderTest } from '@boostercloud/streamer-testkit'
import { LocalStreamer } from '../src'
import { create } from './support/conformance-connector'

/** Writes these bytes and headers, whatever the event: a program that knows nothing of codecs. */
const foreign = (body: Uint8Array, headers: Readonly<Record<string, string>>): Codec => ({
  name: 'foreign',
  encode: () => ({ body, headers, attributes: {} }),
  decode: () => ({ payload: undefined, metadata: {} }),
})

function setUp(): ConnectorUnderTest {
  const root = mkdtempSync(join(tmpdir(), 'local-conformance-'))
  const path = join(root, 'log')
  const notAFolder = join(root, 'file')
  writeFileSync(notAFolder, '')
  return {
    create: (overrides) => create(path, overrides),
    topic: () => `topic-${randomUUID()}`,
    inOtherProcess: { modulePath: join(__dirname, 'support/conformance-connector'), argument: path },
    unreachable: () => create(join(notAFolder, 'log'), { pollWaitMs: 100 }),
    async publishForeign(topic, body, headers) {
      const producer = LocalStreamer.with({ path, codec: foreign(body, headers) })
      await producer.publish([{ entityID: () => '' }], topic)
      await producer.close()
    },
    tearDown: () => rmSync(root, { recursive: true, force: true }),
  }
}

describe('the local streamer', () => {
  testConnector(setUp, {
    facts: {
      position: 'receiver',
      ordering: 'topic',
      durable: true,
      replay: true,
      maxEventBytes: 100_000,
      delivery: 'poll',
      topicRequired: true,
    },
    maxBatchEvents: 500,
    skipped: [
      'partial_failure_names_what_failed',
      'each_event_once_a_session',
      'acknowledge_settles_without_fetching',
      'id_of_another_session_settles_nothing',
      'reconnects_after_broker_restart',
      'publish_while_away_rejects',
      'close_while_disconnected_ends',
      'health_follows_the_broker',
    ],
  })
})
