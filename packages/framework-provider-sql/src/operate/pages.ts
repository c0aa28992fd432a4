import type { Database, SqlRow, SqlValue } from '../database/database'

/** Rows read at once. */
const PAGE = 1_000

/** All rows of a table in the order of some columns that tell its rows apart, a page at a time. */
export async function* rowsOf(
  database: Database,
  table: string,
  columns: readonly string[],
  key: readonly string[]
): AsyncGenerator<SqlRow, void, undefined> {
  let after: readonly SqlValue[] = []
  for (;;) {
    const place = key.map((_, index) => `?${index + 1}`).join(', ')
    const behind = after.length === 0 ? '' : `WHERE (${key.join(', ')}) > (${place})`
    const text = `SELECT ${columns.join(', ')} FROM ${table} ${behind} ORDER BY ${key.join(', ')} LIMIT ${PAGE}`
    const rows = await database.query({ sql: text, values: after })
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = key.map((column) => last[column])
  }
}
