import '../support/environment'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { NonPersistedEventEnvelope, ReadModelInterface, UUID } from '@boostercloud/framework-types'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import { SqliteDatabase } from '../../src/database/sqlite-database'
import { append } from '../../src/events/append'
import { EventReader, keepSnapshot } from '../../src/events/read'
import { exportStore, importStore, recordsOfNedb, storeInfo, verifyStore } from '../../src/operate'
import type { StoreRecord } from '../../src/operate'
import { requireWholeImport } from '../../src/operate/import-store'
import { storeReadModel } from '../../src/read-models/write'
import { sql } from '../../src/sql'

describe('a store that is moved', () => {
  it('is the same after an export and an import, and has nothing wrong with it', async () => {
    await withStores(async (one, other) => {
      await fill(one)
      const records = await all(exportStore(one))
      const counts = await importStore(other, each(records))
      expect(await all(exportStore(other))).to.deep.equal(records)
      expect(counts).to.deep.include({ event: 4, snapshot: 1, readModel: 2, waiting: 2, dispatched: 1, streaming: 6 })
      expect(await all(verifyStore(other))).to.deep.equal([])
    })
  })

  it('takes along every column of the streaming state, but when a run began', async () => {
    await withStores(async (one) => {
      await fill(one)
      const records = await all(exportStore(one))
      for (const table of ['pending', 'inbox', 'parked', 'timers', 'paused_links', 'positions']) {
        const columns = await one.query(sql(`SELECT name FROM pragma_table_info('${table}')`))
        const [row] = records.flatMap((record) =>
          'streaming' in record && record.streaming.table === table ? [record.streaming.row] : []
        )
        const expected = columns.map(({ name }) => String(name)).filter((name) => name !== 'began_at')
        expect(Object.keys(row).sort(), table).to.deep.equal(expected.sort())
      }
    })
  })

  it('takes what an earlier version has exported, without the columns that came later', async () => {
    await withStores(async (one, other) => {
      await fill(one)
      const records = (await all(exportStore(one))).map((record) => {
        if (!('streaming' in record) || record.streaming.table !== 'inbox') return record
        const { starts: _, slow: __, address: ___, ...row } = record.streaming.row
        return { streaming: { table: 'inbox', row } }
      })
      await importStore(other, each(records))
      const [row] = await other.query(sql('SELECT starts, slow, address FROM inbox'))
      expect(row).to.deep.equal({ starts: null, slow: 0, address: null })
    })
  })

  it('goes through JSON lines', async () => {
    await withStores(async (one, other) => {
      await fill(one)
      const lines = (await all(exportStore(one))).map((record) => JSON.stringify(record))
      await importStore(other, each(lines.map((line) => JSON.parse(line) as StoreRecord)))
      expect((await all(exportStore(other))).map((record) => JSON.stringify(record))).to.deep.equal(lines)
    })
  })

  for (const [what, spoil] of [
    ['was interrupted', (records: StoreRecord[]) => records.slice(0, -1)],
    ['lacks a line', (records: StoreRecord[]) => [...records.slice(0, 2), ...records.slice(3)]],
    ['has a line twice', (records: StoreRecord[]) => [...records.slice(0, 3), ...records.slice(2)]],
    ['begins with something else', (records: StoreRecord[]) => records.slice(1)],
    [
      'has a line of something else',
      (records: StoreRecord[]) => [...records.slice(0, 3), { nonsense: 1 } as never, ...records.slice(3)],
    ],
  ] as const) {
    it(`is refused where the export ${what}, and the store is empty again`, async () => {
      await withStores(async (one, other) => {
        await fill(one)
        const records = spoil(await all(exportStore(one)))
        const error: unknown = await importStore(other, each(records)).catch((thrown: unknown) => thrown)
        expect(error).to.be.instanceOf(Error)
        expect((await all(exportStore(other))).length).to.equal(2)
        expect(await all(verifyStore(other))).to.deep.equal([])
      })
    })
  }

  it('is refused where the store is not empty, and what is there stays', async () => {
    await withStores(async (one, other) => {
      await fill(one)
      await fill(other)
      const before = await all(exportStore(other))
      const error: unknown = await importStore(other, exportStore(one)).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(Error).with.property('message').that.contains('not empty')
      expect(await all(exportStore(other))).to.deep.equal(before)
    })
  })

  it('is started again where an import was killed', async () => {
    await withStores(async (one, other) => {
      await fill(one)
      await other.transaction([
        sql('INSERT INTO scheduled (name, fired_at) VALUES (?1, 1)', 'store import under way'),
        sql("INSERT INTO dispatched_events (id) VALUES ('left behind')"),
      ])
      expect(await all(verifyStore(other))).to.deep.equal([
        'an import was interrupted: import again, which starts from the beginning',
      ])
      expect(await requireWholeImport(other).catch((thrown: Error) => thrown.message)).to.contain('was interrupted')
      await importStore(other, exportStore(one))
      await requireWholeImport(other)
      expect(await all(exportStore(other))).to.deep.equal(await all(exportStore(one)))
      expect(await all(verifyStore(other))).to.deep.equal([])
    })
  })
})

describe('a store that is looked at', () => {
  it('says what it holds, and what waits', async () => {
    await withStores(async (one) => {
      await fill(one)
      const info = await storeInfo(one)
      expect(info).to.deep.include({ events: 4, entities: 2, waiting: 2, pending: 1, parked: 1 })
      expect(info.readModels).to.deep.equal({ PostView: 2 })
      expect(info.failing).to.deep.equal([{ type: 'Post', id: 'a', attempts: 3, failure: 'mailer is undefined' }])
    })
  })

  for (const [what, statement, says] of [
    ['an event that is not readable', "UPDATE events SET envelope = '{' WHERE entity_id = 'b'", /not readable/],
    ['an event of another name', "UPDATE events SET type = 'Other' WHERE entity_id = 'b'", /another name/],
    ['an event that is gone', "DELETE FROM events WHERE entity_id = 'b'", /Post b: does not end with its newest/],
    ['an entity that is gone', "DELETE FROM entities WHERE id = 'b'", /Post b: has events and is not there/],
    ['a snapshot of another time', 'UPDATE snapshots SET at = at + 1', /another time/],
    ['a read model of another version', 'UPDATE read_models SET version = 9', /another version/],
    ['a read model of another id', "UPDATE read_models SET id = 'x' WHERE id = 'a'", /another id/],
  ] as const) {
    it(`is found to have ${what}`, async () => {
      await withStores(async (one) => {
        await fill(one)
        await one.transaction([sql(statement)])
        expect((await all(verifyStore(one))).join('\n')).to.match(says)
      })
    })
  }
})

describe("what Booster's local provider has kept", () => {
  it('is taken over: the last line of a document counts, and events of one millisecond keep the order of the file', async () => {
    await withStores(async (one, _other, folder) => {
      await nedb(folder)
      const counts = await importStore(one, recordsOfNedb(folder, { Sequenced: 'at' }))
      const events = await new EventReader(one).since('Post', 'a')
      expect(counts).to.deep.include({ event: 3, readModel: 2, snapshot: 0 })
      expect(events.map(({ value }) => (value as unknown as { n: number }).n)).to.deep.equal([0, 1, 2])
      expect(new Set(events.map(({ createdAt }) => createdAt)).size).to.equal(3)
      expect(await one.query(sql('SELECT id, sequence, value FROM read_models ORDER BY type'))).to.deep.equal([
        { id: 'a', sequence: '', value: JSON.stringify({ id: 'a', n: 2, boosterMetadata: { version: 2 } }) },
        { id: 's', sequence: '2026', value: JSON.stringify({ id: 's', at: '2026' }) },
      ])
      expect(await all(verifyStore(one))).to.deep.equal([])
    })
  })

  it('is asked for where it is', async () => {
    await withStores(async (one, _other, folder) => {
      const error: unknown = await importStore(one, recordsOfNedb(folder)).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(Error).with.property('message').that.contains('no events.json')
    })
  })
})

async function withStores(
  work: (one: SqliteDatabase, other: SqliteDatabase, folder: string) => Promise<void>
): Promise<void> {
  await inTempFolder(async (folder) => {
    const [one, other] = [await openIn(folder, 'one'), await openIn(folder, 'other')]
    try {
      await work(one, other, folder)
    } finally {
      await Promise.all([one.close(), other.close()])
    }
  })
}

async function openIn(folder: string, name: string): Promise<SqliteDatabase> {
  await mkdir(join(folder, name))
  return SqliteDatabase.open({ path: join(folder, name, 'store.sqlite'), synchronous: 'NORMAL', holder: name })
}

/** Two entities, one of which has failed; a snapshot, two read models, one pending mark. */
async function fill(database: SqliteDatabase): Promise<void> {
  const post = (id: string, n: number): NonPersistedEventEnvelope =>
    ({
      kind: 'event',
      superKind: 'domain',
      version: 1,
      requestID: `r${n}`,
      entityTypeName: 'Post',
      entityID: id,
      typeName: 'Posted',
      value: { n, text: 'zero \u0000' },
    }) as unknown as NonPersistedEventEnvelope
  const { statements, stored } = append([post('a', 0), post('b', 1), post('a', 2), post('a', 3)])
  const [, , last] = stored(await database.transaction(statements))
  const at = last.createdAt
  const snapshot = { ...post('a', 2), kind: 'snapshot', snapshottedEventCreatedAt: at, createdAt: at, persistedAt: at }
  const view = (id: string): ReadModelInterface => ({
    id: id as UUID,
    text: 'zero \u0000',
    boosterMetadata: { version: 1, schemaVersion: 1 },
  })
  await database.transaction([
    keepSnapshot(snapshot as never),
    storeReadModel(database, { type: 'PostView', id: 'a', sequence: '' }, view('a')),
    storeReadModel(database, { type: 'PostView', id: 'b', sequence: '2026' }, view('b')),
    sql("UPDATE entities SET attempts = 3, failure = 'mailer is undefined' WHERE id = 'a'"),
    sql("INSERT INTO dispatched_events (id) VALUES ('d')"),
    sql(
      `INSERT INTO pending (address, id, type_name, entity_type_name, entity_id, slot, marked_at, owner, context)
       VALUES ('main/posts', 'e', 'Posted', 'Post', 'a', 1, 2, 'me', '{}')`
    ),
    sql(
      `INSERT INTO inbox (handler, source, id, state, owner, claimed_until, at, outcome, starts, slow, address)
       VALUES ('H', 's', 'i', 'claimed', 'me', 7, 8, NULL, 3, 1, 'main/posts')`
    ),
    sql(
      `INSERT INTO parked (address, handler, lane, source, id, state, holds, attempts, due_at, first_at, last_at, cause, event)
       VALUES ('main/posts', 'H', 'k', 's', 'p', 'dead', 1, 2, 3, 4, 5, NULL, x'010203')`
    ),
    sql(
      `INSERT INTO timers (handler, name, id, due_at, set_at, delay_ms, lane, content)
       VALUES ('H', 't', 'i', 9, 7, 2, 'k', x'030003')`
    ),
    sql("INSERT INTO paused_links (address, handler) VALUES ('main/posts', 'H')"),
    sql("INSERT INTO positions (address, position) VALUES ('main/posts', '1:2')"),
  ])
}

/** A folder as the local provider leaves it. */
async function nedb(folder: string): Promise<void> {
  const event = (id: string, n: number, createdAt = '2026-01-01T00:00:00.001Z'): object => ({
    _id: id,
    kind: 'event',
    superKind: 'domain',
    entityTypeName: 'Post',
    entityID: 'a',
    typeName: 'Posted',
    value: { n },
    createdAt,
  })
  const model = (id: string, typeName: string, value: object): object => ({ _id: id, typeName, value, uniqueKey: id })
  await writeLines(join(folder, 'events.json'), [
    event('z', 1),
    event('y', 2),
    event('x', 0, '2026-01-01T00:00:00.000Z'),
    { ...event('s', 9), kind: 'snapshot' },
    event('gone', 7),
    { $$deleted: true, _id: 'gone' },
  ])
  await writeLines(join(folder, 'read_models.json'), [
    { $$indexCreated: { fieldName: 'uniqueKey', unique: true } },
    model('m', 'PostView', { id: 'a', n: 1, boosterMetadata: { version: 1 } }),
    model('m', 'PostView', { id: 'a', n: 2, boosterMetadata: { version: 2 } }),
    model('q', 'Sequenced', { id: 's', at: '2026' }),
  ])
}

/** The last line is torn, as by a kill. */
async function writeLines(path: string, lines: readonly object[]): Promise<void> {
  await writeFile(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"_id":"torn","ki`)
}

async function* each(records: readonly StoreRecord[]): AsyncGenerator<StoreRecord, void, undefined> {
  yield* records
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const value of values) found.push(value)
  return found
}
