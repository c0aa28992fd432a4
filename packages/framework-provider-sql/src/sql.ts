import type { SqlRow, SqlStatement, SqlValue } from '@boostercloud/streamers/state'

/** Shorthand for a statement; parameters are written `?1`, `?2` … */
export function sql(text: string, ...values: SqlValue[]): SqlStatement {
  return { sql: text, values }
}

/** As the parameter of `Dialect.keys`: a zero character in a name stands there as the databases keep it. */
export function keysOf(keys: readonly unknown[]): string {
  return JSON.stringify(keys).replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\\ue0000')
}

/** Rows by a key, in their order. */
export function groupedBy(rows: readonly SqlRow[], keyOf: (row: SqlRow) => string): ReadonlyMap<string, SqlRow[]> {
  const found = new Map<string, SqlRow[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const known = found.get(key)
    if (known) known.push(row)
    else found.set(key, [row])
  }
  return found
}
