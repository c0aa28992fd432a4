import { DiskSpace, emptyLog, isDiskFull } from './disk-space'
import type { Database } from '../engine'
import { FileGuard } from './file-guard'
import type { Surroundings } from '../group-commit'
import { statOf } from './raw-file'
import { fileSystemError, fullError, isFull, storageError } from '../storage-error'

/** Milliseconds for which a write that was refused counts against the file, also when a smaller one has gone through since. */
const REMEMBERED_MS = 5_000

/** What is kept in view of an open file while it is read and written: its place, its disk, and what became of the last writes. */
export class WatchedFile implements Surroundings {
  private readonly guard: FileGuard
  private readonly space: DiskSpace
  private failure?: { readonly at: number; readonly error: Error }
  private writtenAt = Number.NEGATIVE_INFINITY

  public constructor(
    private readonly database: Database,
    private readonly path: string,
    private readonly purpose: string
  ) {
    this.guard = new FileGuard(database, path, purpose)
    this.space = new DiskSpace(database, path)
  }

  public before(): void {
    this.named(() => this.guard.checkSome())
  }

  public after(): void {
    this.named(() => {
      this.guard.checkSome()
      this.space.afterCommit(this.guard.logBytes)
    })
    this.writtenAt = performance.now()
  }

  public isFull(thrown: unknown): boolean {
    return isFull(thrown, this.path)
  }

  public makeRoom(): void {
    emptyLog(this.database)
  }

  /** Whether the write-ahead log is empty now: see `emptyLog`. */
  public emptyLog(): boolean {
    this.check()
    return emptyLog(this.database) && statOf(`${this.path}-wal`)?.size === 0
  }

  /** Whether the file itself is no longer at its path. */
  public get isMoved(): boolean {
    return this.guard.isMoved
  }

  /** An error of a write. One that tells of the file is remembered. */
  public translate(thrown: unknown): unknown {
    const error = storageError(thrown, this.path, this.purpose)
    if (error !== thrown && error instanceof Error) this.failure = { at: performance.now(), error }
    return error
  }

  /** The same as {@link check}, unless that was asked a moment ago. */
  public checkIfDue(): void {
    this.named(() => this.guard.checkIfDue())
  }

  /** Throws where the file is not its own any more. */
  public check(): void {
    this.named(() => this.guard.check())
  }

  /** Throws what a write of the last moments was refused with, or the next one will be. */
  public checkRoom(): void {
    const { failure } = this
    if (failure && performance.now() - failure.at < REMEMBERED_MS) throw failure.error
    if (isDiskFull(this.path)) throw fullError(this.path, this.purpose)
  }

  /** Milliseconds since a write was last committed. */
  public get idleMs(): number {
    return performance.now() - this.writtenAt
  }

  /** Closes the file, unless that would have SQLite write to, or delete, what somebody has put in its place. */
  public close(): void {
    if (!this.guard.mayClose()) return
    this.database.close()
    this.guard.close()
  }

  private named(work: () => void): void {
    try {
      work()
    } catch (thrown) {
      throw (thrown as NodeJS.ErrnoException).syscall === undefined
        ? thrown
        : fileSystemError(thrown, this.path, this.purpose, 'looked at')
    }
  }
}
