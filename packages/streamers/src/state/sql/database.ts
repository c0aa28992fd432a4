import type { Remains } from '../records'

/**
 * What a column can hold here.
 * @experimental
 */
export type SqlValue = string | number | bigint | Uint8Array | null
/**
 * One row, by column name.
 * @experimental
 */
export type SqlRow = Readonly<Record<string, SqlValue>>

/**
 * One statement; parameters are written `?1`, `?2` …
 * @internal
 */
export interface SqlStatement {
  readonly sql: string
  readonly values: readonly SqlValue[]
  /** Given the rows that the statement answers, inside the transaction: what it throws undoes the transaction, and rejects it. */
  readonly check?: (rows: readonly SqlRow[]) => void
}

/**
 * How a transaction becomes durable.
 * @internal
 */
export interface TransactionOptions {
  /**
   * It may be lost with the power until a later one that is not lazy has changed something; without it nothing later is kept. Where a disk
   * of this machine is what costs, it is not waited for. Default false.
   */
  readonly lazily?: boolean
}

/**
 * The little that the state needs of a database: SQLite and PostgreSQL are two dialects behind it.
 * @internal
 */
export interface SqlDatabase {
  /** What it is, for messages. */
  readonly name: string
  /** All statements in order in one transaction, or none; durable when it resolves, unless lazy. Answers each one's rows. */
  transaction(statements: readonly SqlStatement[], options?: TransactionOptions): Promise<SqlRow[][]>
  /** One read. */
  query(statement: SqlStatement): Promise<SqlRow[]>
  /** Sees to it that what was deleted from the park is in no file any more, and answers where it may still be. */
  shred?(): Promise<readonly Remains[]>
  /** What tells this database from its copies. Absent where nothing does. */
  ownId?(): Promise<string>
  /** Resolves where it can be written now. Rejects with a `STORAGE_…` error where not, or where writes have just been refused. */
  probe?(): Promise<void>
  /** Waits for what is under way. May be called twice. */
  close(): Promise<void>
}

/**
 * Shorthand for a statement.
 * @internal
 */
export function sql(text: string, ...values: SqlValue[]): SqlStatement {
  return { sql: text, values }
}
