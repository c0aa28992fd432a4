import type { SqlStatement, SqlValue } from '@boostercloud/streamers'

/** Shorthand for a statement; parameters are written `?1`, `?2` … */
export function sql(text: string, ...values: SqlValue[]): SqlStatement {
  return { sql: text, values }
}

/** As the parameter of `Dialect.keys`: a zero character in a name stands there as the databases keep it. */
export function keysOf(keys: readonly unknown[]): string {
  return JSON.stringify(keys).replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\\ue0000')
}
