import type {
  SqlDatabase,
  SqlRow,
  SqlStatement as CheckedStatement,
  TransactionOptions,
} from '@boostercloud/streamers/state'
import type { Dialect } from './dialect'

export type { SqlRow, SqlValue, TransactionOptions } from '@boostercloud/streamers/state'

/** One statement. */
export interface SqlStatement extends CheckedStatement {
  /** What the transaction is undone for where the statement changes no row. It answers no rows, and has no `check`. */
  readonly unchanged?: () => Error
}

/** Who listens to other processes. */
export interface Listening {
  /** Something was told, by another process or by this one. */
  told(): void
  /** Nothing can be heard for now; what is told meanwhile is told once it can. */
  deaf(error: unknown): void
}

/** The database of a service. */
export interface Database extends SqlDatabase {
  readonly dialect: Dialect
  /** Whether several service processes may work on it at once. */
  readonly shared: boolean
  transaction(statements: readonly SqlStatement[], options?: TransactionOptions): Promise<SqlRow[][]>
  probe(): Promise<void>
  /** Takes it for this process. Rejects with `STORAGE_BUSY` where another one has it; resolves at once where it is shared. */
  claim(): Promise<void>
  /** Resolves when what is told from now on is heard. Absent where there is one process. */
  listen?(listening: Listening): Promise<void>
  /** Runs a statement, and tells all processes of it. Absent where there is one process. */
  tell?(statement: SqlStatement): Promise<void>
}
