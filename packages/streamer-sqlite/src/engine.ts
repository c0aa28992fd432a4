/**
 * What a column or a parameter can hold.
 * @internal
 */
export type SqlValue = string | number | bigint | Uint8Array | null

/**
 * One row, by column name.
 * @internal
 */
export type Row = Readonly<Record<string, SqlValue>>

/**
 * What a statement that changes rows answers.
 * @internal
 */
export interface RunResult {
  readonly changes: number
  readonly lastInsertRowid: number | bigint
}

/** The part of `node:sqlite`'s StatementSync that is used here. */
export interface Statement {
  run(...params: SqlValue[]): RunResult
  all(...params: SqlValue[]): Row[]
}

/** The part of `node:sqlite`'s DatabaseSync that is used here. */
export interface Database {
  exec(sql: string): void
  prepare(sql: string): Statement
  close(): void
}

interface Engine {
  readonly DatabaseSync: new (path: string) => Database
}

let engine: Engine | undefined

/**
 * Opens a connection. `node:sqlite` is built in and stable from Node 24; before, a package with the same API and prebuilt binaries
 * takes its place.
 */
export function connect(path: string): Database {
  // Which module it is, only the running Node says.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  engine ??= require(majorVersion() >= 24 ? 'node:sqlite' : '@photostructure/sqlite') as Engine
  const database = new engine.DatabaseSync(path)
  // A lock that is taken is waited for by us: SQLite's own wait would stop the event loop.
  database.exec('PRAGMA busy_timeout = 0')
  return database
}

function majorVersion(): number {
  return Number.parseInt(process.versions.node, 10)
}
