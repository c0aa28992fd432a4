import type { Database, Row, RunResult, SqlValue, Statement } from './engine'
import { fromStored, toStored } from './zero-characters'

/**
 * What a write may do inside its transaction. Parameters are written `?` or `?1`, `?2` ….
 * @internal
 */
export interface Statements {
  /** Runs a statement for its effect. */
  readonly run: (sql: string, ...params: SqlValue[]) => RunResult
  /** Runs a statement for its rows: a `SELECT`, or anything with `RETURNING`. */
  readonly all: (sql: string, ...params: SqlValue[]) => Row[]
}

/** Enough for every statement of a program that writes them by hand. */
const MOST_KEPT = 256

/** Prepares each statement of a connection once and keeps it by its text; the oldest goes when there are too many. */
export function preparedStatements(database: Database): Statements {
  const prepared = new Map<string, Statement>()
  const prepare = (sql: string): Statement => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    if (prepared.size >= MOST_KEPT) {
      const [oldest] = prepared.keys()
      prepared.delete(oldest)
    }
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  return {
    run: (sql, ...params) => prepare(sql).run(...params.map(toStored)),
    all: (sql, ...params) =>
      prepare(sql)
        .all(...params.map(toStored))
        .map(fromStored),
  }
}
