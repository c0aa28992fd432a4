import { StreamerError } from '@boostercloud/streamer-connector'
import type { Database, Row, SqlValue } from './engine'
import { GroupCommit } from './group-commit'
import type { CommitSettings, Work, WriteOptions } from './group-commit'
import { shortlyUntilFree } from './retry'
import { preparedStatements } from './statements'
import type { Statements } from './statements'
import { storageError } from './storage-error'

/** What an open file needs to know of itself. */
export interface SqliteFileSettings extends CommitSettings {
  readonly path: string
  readonly purpose: string
}

/** An open SQLite file. Made by `openSqlite`. */
export class SqliteFile {
  /** The file, as an absolute path. */
  public readonly path: string
  private readonly statements: Statements
  private readonly commits: GroupCommit
  private closing?: Promise<void>

  public constructor(
    private readonly database: Database,
    private readonly settings: SqliteFileSettings
  ) {
    this.path = settings.path
    this.statements = preparedStatements(database)
    this.commits = new GroupCommit(database, this.statements, settings, (thrown) => this.translate(thrown))
  }

  /**
   * Reads committed rows, also while another process writes. The statement is prepared once and kept by its text.
   *
   * Throws `STORAGE_…` errors, `CLOSED` after `close()`, and the engine's own error for a statement that is wrong.
   */
  public read(sql: string, ...params: SqlValue[]): Row[] {
    if (this.closing) throw this.closedError()
    try {
      return shortlyUntilFree(() => this.statements.all(sql, ...params))
    } catch (thrown) {
      throw this.translate(thrown)
    }
  }

  /**
   * Runs a synchronous piece of work in a transaction, after all works queued before it. Works queued in the same turn of the event
   * loop share one; a work that throws is undone alone, and its promise rejects with what it threw.
   *
   * Resolves with what the work returned when the transaction is durable, as `synchronous` and `lazily` say. Rejects with `STORAGE_BUSY`
   * (another process kept the lock for all of `writeTimeoutMs`; retryable), other `STORAGE_…` errors, or `CLOSED`; then nothing of
   * it is in the file.
   */
  public write<T>(work: Work<T>, options: WriteOptions = {}): Promise<T> {
    if (this.closing) return Promise.reject(this.closedError())
    return this.commits.add(work, options)
  }

  /**
   * Refuses new work, waits for the writes that are queued, and closes the file. May be called twice. Before Node 24 the engine lets
   * go of its `-wal` and `-shm` files only when the statements are collected as garbage, or the process ends.
   */
  public close(): Promise<void> {
    this.closing ??= this.commits.drained().then(() => this.database.close())
    return this.closing
  }

  private translate(thrown: unknown): unknown {
    return storageError(thrown, this.path, this.settings.purpose)
  }

  private closedError(): StreamerError {
    return new StreamerError('CLOSED', `The file of ${this.settings.purpose} is closed.`, {
      at: this.path,
      hint: 'Open it again.',
    })
  }
}
