import { setTimeout as delay } from 'node:timers/promises'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { Database, Row, SqlValue } from '../engine'
import { GroupCommit } from '../group-commit'
import type { CommitSettings, Work, WriteOptions } from '../group-commit'
import { RAISE_EPOCH } from './identity-token'
import { shortlyUntilFree } from '../retry'
import { preparedStatements } from '../statements'
import type { Statements } from '../statements'
import { storageError } from '../storage-error'
import { WatchedFile } from './watched-file'

/** What an open file needs to know of itself. */
export interface SqliteFileSettings extends CommitSettings {
  readonly path: string
  readonly purpose: string
}

/** A write that was durable so many milliseconds ago proves that the next one will be. */
const PROBE_AFTER_MS = 1_000

/**
 * An open SQLite file. Made by `openSqlite`.
 * @internal
 */
export class SqliteFile {
  /** The file, as an absolute path. */
  public readonly path: string
  private readonly statements: Statements
  private readonly commits: GroupCommit
  private readonly watched: WatchedFile
  private closing?: Promise<void>

  public constructor(
    database: Database,
    private readonly settings: SqliteFileSettings
  ) {
    this.path = settings.path
    this.statements = preparedStatements(database)
    this.watched = new WatchedFile(database, settings.path, settings.purpose)
    this.commits = new GroupCommit(database, this.statements, settings, this.watched)
  }

  /**
   * Reads committed rows, also while another process writes. The statement is prepared once and kept by its text.
   *
   * Throws `STORAGE_…` errors, also where the file is no longer its own (see {@link check}), `CLOSED` after `close()`, and the engine's own error for a statement that is wrong.
   */
  public read(sql: string, ...params: SqlValue[]): Row[] {
    if (this.closing) throw this.closedError()
    this.watched.checkIfDue()
    try {
      return shortlyUntilFree(() => this.statements.all(sql, ...params))
    } catch (thrown) {
      throw storageError(thrown, this.path, this.settings.purpose)
    }
  }

  /**
   * Throws where the file is no longer at its path (`STORAGE_UNAVAILABLE`, until the same file is back), or was cut off or overwritten
   * (`STORAGE_DAMAGED`, for good), its `-wal` and `-shm` files included. Reads and writes ask the same by themselves: each write before it
   * resolves, a read at most 200 ms late.
   */
  public check(): void {
    if (this.closing) throw this.closedError()
    this.watched.check()
  }

  /** Whether the file itself is no longer at its path, so that opening it anew would open, or make, another one. */
  public get isMoved(): boolean {
    return this.watched.isMoved
  }

  /**
   * Empties the write-ahead log, which keeps older contents of pages; in the file itself what is deleted is overwritten. Resolves with
   * false where another process reads from the log for all of the time (milliseconds): then deleted bytes may still be in it.
   */
  public async shred(withinMs = 10_000): Promise<boolean> {
    for (const end = performance.now() + withinMs; ;) {
      if (this.closing) throw this.closedError()
      if (this.watched.emptyLog()) return true
      if (performance.now() > end) return false
      await delay(20)
    }
  }

  /**
   * Resolves where the file can be written: a write has just been durable, or a small one is made to see. Rejects as `write` does,
   * with what a write of the last five seconds was refused with, and where the disk has less than 128 KiB left.
   */
  public async probe(): Promise<void> {
    this.check()
    this.watched.checkRoom()
    if (this.watched.idleMs > PROBE_AFTER_MS) await this.write(({ run }) => run(RAISE_EPOCH))
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
    this.closing ??= this.commits.drained().then(() => this.watched.close())
    return this.closing
  }

  private closedError(): StreamerError {
    return new StreamerError('CLOSED', `The file of ${this.settings.purpose} is closed.`, {
      at: this.path,
      hint: 'Open it again.',
    })
  }
}
