import { MOVED_TABLES } from '../../move/state-rows'
import type { MovedTable, StateRow, StateRowCounts } from '../../move/state-rows'
import { takeOver } from '../../move/take-over'
import type { TakingStore } from '../../move/take-over'
import { sql } from '../database'
import type { SqlDatabase, SqlRow, SqlStatement, SqlValue } from '../database'
import { noteIdentity, readIdentity } from './identity'

/** Rows read, and written, at once. */
const PAGE = 1_000

/** What tells the rows of each table apart, in the order in which they are read. */
const KEYS: Readonly<Record<MovedTable, readonly string[]>> = {
  pending: ['place'],
  inbox: ['handler', 'source', 'id'],
  parked: ['place'],
  timers: ['handler', 'name'],
  paused_links: ['address', 'handler'],
  positions: ['address'],
}

/** All rows that are moved to another state. */
export async function* rowsIn(database: SqlDatabase): AsyncGenerator<StateRow, void, undefined> {
  for (const table of MOVED_TABLES) {
    for await (const row of rowsOf(database, table)) yield { table, row: withoutClaim(table, row) }
  }
}

/** Takes rows of another state over. */
export function takeInto(
  database: SqlDatabase,
  rows: AsyncIterable<StateRow>,
  from: string | undefined
): Promise<StateRowCounts> {
  const store: TakingStore = {
    name: database.name,
    identity: () => readIdentity(database),
    note: (notes) => noteIdentity(database, notes),
    hasContent: () => hasContent(database),
    async empty() {
      await database.transaction(emptied())
    },
    write: (taken) => write(database, taken),
  }
  return takeOver(store, rows, from)
}

/** Whether there is anything in it that would be missed. */
export async function hasContent(database: SqlDatabase): Promise<boolean> {
  const [row] = await database.query(
    sql(`SELECT ${MOVED_TABLES.map((table) => `EXISTS (SELECT 1 FROM ${table}) AS ${table}`).join(', ')}`)
  )
  return MOVED_TABLES.some((table) => Boolean(row[table]))
}

async function write(database: SqlDatabase, rows: AsyncIterable<StateRow>): Promise<void> {
  let chunk: SqlStatement[] = []
  for await (const row of rows) {
    chunk.push(insertOf(row))
    if (chunk.length < PAGE) continue
    await database.transaction(chunk)
    chunk = []
  }
  if (chunk.length > 0) await database.transaction(chunk)
}

function emptied(): SqlStatement[] {
  return MOVED_TABLES.map((table) => sql(`DELETE FROM ${table}`))
}

async function* rowsOf(database: SqlDatabase, table: MovedTable): AsyncGenerator<SqlRow, void, undefined> {
  const key = KEYS[table]
  let after: readonly SqlValue[] = []
  for (;;) {
    const places = key.map((_, index) => `?${index + 1}`).join(', ')
    const behind = after.length === 0 ? '' : `WHERE (${key.join(', ')}) > (${places})`
    const text = `SELECT * FROM ${table} ${behind} ORDER BY ${key.join(', ')} LIMIT ${PAGE}`
    const rows = await database.query({ sql: text, values: after })
    yield* rows
    const last = rows[rows.length - 1]
    if (rows.length < PAGE) return
    after = key.map((column) => last[column])
  }
}

/** Whose process ran a handler is gone when the row is read elsewhere; what it has not given back stays under suspicion. */
function withoutClaim(table: MovedTable, row: SqlRow): SqlRow {
  if (table !== 'inbox') return row
  const starts = row.state === 'claimed' && row.owner !== '' ? (row.starts ?? 0) : row.starts
  return { ...row, owner: '', claimed_until: 0, starts, began_at: null }
}

/** Places are given anew, in the same order. */
function insertOf({ table, row }: StateRow): SqlStatement {
  const columns = Object.keys(row).filter((column) => column !== 'place')
  const values = columns.map((_, index) => `?${index + 1}`).join(', ')
  return sql(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`, ...columns.map((column) => row[column]))
}
