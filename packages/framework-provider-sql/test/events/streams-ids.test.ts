import '../support/environment'
import { join } from 'node:path'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { NonPersistedEventEnvelope } from '@boostercloud/framework-types'
import { expect } from 'chai'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import { EventReader } from '../../src/events/read'
import { append } from '../../src/events/append'
import { exportStore, importStore } from '../../src/operate'
import type { StoreRecord } from '../../src/operate'
import { SqliteDatabase } from '../../src/database/sqlite-database'
import type { Database } from '../../src/database/database'
import { sql } from '../../src/sql'
import { Opened } from '../support/opened'
import { event } from '../support/records'

const EVENTS = 300

describe('events by the ids that streaming gave them', () => {
  it('are found in one query, on SQLite', async () => {
    await inTempFolder(async (folder) => findsThem(await Opened.with({ folder })))
  })

  describeWithServer('postgres', (server) => {
    it('are found in one query, on PostgreSQL', async () =>
      findsThem(await Opened.with({ url: server().url, schema: 'by_streams_ids' })))

    it('are found by their index on PostgreSQL, although it has not counted them yet', async () => {
      const { database } = await Opened.with({ url: server().url, schema: 'by_streams_ids_uncounted' })
      try {
        const envelopes = Array.from({ length: 3_000 }, (_, n) => streamed(`thing-${n}`, `id-${n}`))
        await database.transaction(append(envelopes).statements)
        const plans: string[] = []
        const query: Database['query'] = async (statement) => {
          const rows = await database.query({ ...statement, sql: `EXPLAIN ${statement.sql}` })
          plans.push(rows.map((row) => Object.values(row).join()).join('\n'))
          return []
        }
        const explained = Object.assign(Object.create(database) as Database, { query })
        await new EventReader(explained).withStreamsIds(envelopes.slice(0, 64).map(({ streamsId }) => streamsId))
        expect(plans.join('\n')).to.contain('events_by_streams_id').and.not.contain('Seq Scan on events')
      } finally {
        await database.close()
      }
    })
  })

  it('are found after an export and an import too', async () => {
    await inTempFolder(async (folder) => {
      const [one, other] = [await sqliteIn(join(folder, 'one')), await sqliteIn(join(folder, 'other'))]
      try {
        await one.transaction(append([streamed('a', 'id-1')]).statements)
        const records: StoreRecord[] = []
        for await (const record of exportStore(one)) records.push(record)
        await importStore(other, each(records))
        expect(await new EventReader(other).withStreamsIds(['id-1'])).to.have.length(1)
      } finally {
        await one.close()
        await other.close()
      }
    })
  })
})

async function findsThem({ database }: Opened): Promise<void> {
  try {
    const envelopes = Array.from({ length: EVENTS }, (_, n) => streamed(`thing-${n}`, `id-${n}`))
    await database.transaction(append([...envelopes, event('not streamed'), streamed('zero\u0000', 'id-z')]).statements)
    await database.transaction([sql('UPDATE events SET streams_id = NULL WHERE entity_id = ?1', 'thing-0')])
    const reader = new EventReader(counted(database))
    const found = await reader.withStreamsIds([...envelopes.map(({ streamsId }) => streamsId), 'id-z', 'nobody'])
    expect(queries).to.equal(1)
    const ids = found.map(({ envelope }) => (envelope as unknown as { streamsId: string }).streamsId)
    expect(new Set(ids)).to.deep.equal(new Set([...envelopes.slice(1).map(({ streamsId }) => streamsId), 'id-z']))
    expect(ids).to.have.length(EVENTS)
    for (const { envelope, size } of found) {
      expect(size).to.be.greaterThan(0)
      expect(Date.parse(envelope.createdAt)).to.be.greaterThan(0)
    }
  } finally {
    await database.close()
  }
}

let queries = 0

function counted(database: Database): Database {
  queries = 0
  const query: Database['query'] = async (statement) => {
    queries += 1
    return database.query(statement)
  }
  return Object.assign(Object.create(database) as Database, { query })
}

function streamed(entityId: string, streamsId: string): NonPersistedEventEnvelope & { readonly streamsId: string } {
  return { ...event(entityId), streamsId }
}

function sqliteIn(folder: string): Promise<SqliteDatabase> {
  return SqliteDatabase.open({ path: join(folder, 'store.sqlite'), synchronous: 'NORMAL', holder: 'tests' })
}

async function* each<T>(values: readonly T[]): AsyncIterable<T> {
  yield* values
}
