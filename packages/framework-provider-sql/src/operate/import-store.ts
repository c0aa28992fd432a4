import { isDeepStrictEqual } from 'node:util'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { Database, SqlStatement } from '../database/database'
import { sql } from '../sql'
import { FORMAT, RecordCounter } from './record'
import type { RecordCounts, StoreRecord } from './record'
import { insertOf, restartPlaces } from './rows'
import { FILLED_TABLES } from './tables'

/** Records of one transaction. */
const CHUNK = 1_000
/** A row of `scheduled`, there for as long as an import is not complete. */
const UNDER_WAY = 'store import under way'

/**
 * Fills an empty store; resolves with what it has taken in. The store is claimed for as long: rejects with `STORAGE_BUSY` where a service runs on it,
 * and with `OPTION_INVALID` where it is not empty, or the records are not those of a whole export; then the store is empty again. What a killed
 * import has left is removed by the next one.
 */
export async function importStore(database: Database, records: AsyncIterable<StoreRecord>): Promise<RecordCounts> {
  await database.claim()
  await begin(database)
  try {
    const counts = await takeIn(database, records)
    await database.transaction([
      ...restartPlaces(database.dialect.name),
      sql('DELETE FROM scheduled WHERE name = ?1', UNDER_WAY),
    ])
    return counts
  } catch (thrown) {
    await database.transaction(emptied())
    throw thrown
  }
}

/** Whether an import began and never ended. */
export async function isHalfImported(database: Database): Promise<boolean> {
  return (await database.query(sql('SELECT name FROM scheduled WHERE name = ?1', UNDER_WAY))).length > 0
}

/** Rejects with `STORAGE_DAMAGED` where an import began and never ended: no service may run on half of a store. */
export async function requireWholeImport(database: Database): Promise<void> {
  if (!(await isHalfImported(database))) return
  throw new StreamerError('STORAGE_DAMAGED', 'An import into this store was interrupted.', {
    at: database.name,
    hint: 'Import again, which starts from the beginning: boost-streamers store import.',
  })
}

async function begin(database: Database): Promise<void> {
  if (await isHalfImported(database)) return void (await database.transaction([...emptied().slice(0, -1)]))
  for (const table of FILLED_TABLES) {
    if ((await database.query(sql(`SELECT 1 AS found FROM ${table} LIMIT 1`))).length > 0)
      throw notEmpty(database.name, table)
  }
  await database.transaction([sql('INSERT INTO scheduled (name, fired_at) VALUES (?1, ?2)', UNDER_WAY, Date.now())])
}

/** The mark goes last. */
function emptied(): SqlStatement[] {
  return [
    ...FILLED_TABLES.map((table) => sql(`DELETE FROM ${table}`)),
    sql('DELETE FROM scheduled WHERE name = ?1', UNDER_WAY),
  ]
}

async function takeIn(database: Database, records: AsyncIterable<StoreRecord>): Promise<RecordCounts> {
  const counter = new RecordCounter()
  let chunk: SqlStatement[] = []
  let told: RecordCounts | undefined
  let isFirst = true
  for await (const record of records) {
    if (isFirst) requireFormat(record)
    isFirst = false
    if (told) throw notWhole('There is text after its last line.')
    if ('end' in record) told = record.end
    else {
      counter.add(record)
      chunk.push(...insertOf(record, database))
    }
    if (chunk.length >= CHUNK) {
      await database.transaction(chunk)
      chunk = []
    }
  }
  if (!told) throw notWhole('Its last line is missing.')
  if (!isDeepStrictEqual({ ...told }, { ...counter.counts }))
    throw notWhole('Its last line names another number of lines than it has.')
  await database.transaction(chunk)
  return counter.counts
}

function requireFormat(record: StoreRecord): void {
  if ('store' in record && record.store?.format === FORMAT) return
  throw new StreamerError('OPTION_INVALID', `This is not an exported store of format ${FORMAT}.`, {
    hint: 'Give what `boost-streamers store export` has written, or name a folder with --from-nedb.',
  })
}

function notWhole(why: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The exported store is not complete. ${why}`, {
    hint: 'Export it again. Nothing was imported.',
  })
}

function notEmpty(name: string, table: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The store is not empty: its table ${table} has rows.`, {
    at: name,
    hint: 'Import into a new folder or a new schema.',
  })
}
