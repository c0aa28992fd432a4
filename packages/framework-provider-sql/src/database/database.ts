import type { SqlDatabase, SqlRow, SqlStatement as CheckedStatement } from '@boostercloud/streamers'
import type { Dialect } from './dialect'

export type { SqlRow, SqlValue } from '@boostercloud/streamers'

/** One statement. */
export interface SqlStatement extends CheckedStatement {
  /** What the transaction is undone for where the statement changes no row. It answers no rows, and has no `check`. */
  readonly unchanged?: () => Error
}

/** The database of a service. */
export interface Database extends SqlDatabase {
  readonly dialect: Dialect
  /** Whether several service processes may work on it at once. */
  readonly shared: boolean
  transaction(statements: readonly SqlStatement[]): Promise<SqlRow[][]>
  /** Takes it for this process. Rejects with `STORAGE_BUSY` where another one has it; resolves at once where it is shared. */
  claim(): Promise<void>
  /** Is told when another process, or this one, has told something. Absent where there is one process. */
  listen?(told: () => void): Promise<void>
  /** Runs a statement, and tells all processes of it. Absent where there is one process. */
  tell?(statement: SqlStatement): Promise<void>
}
