import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from './engine'
import { rollBack } from './file/identity'
import { untilFree } from './retry'
import type { Statements } from './statements'

/**
 * What a write does, synchronously, in its transaction.
 * @internal
 */
export type Work<T> = (statements: Statements) => T

/** What holds for all writes; see `OpenSqliteOptions`. */
export interface CommitSettings {
  readonly synchronous: 'FULL' | 'NORMAL'
  readonly writeTimeoutMs: number
}

/**
 * How a write becomes durable.
 * @internal
 */
export interface WriteOptions {
  /**
   * Does not wait for the disk, unless it is its turn to write the log back. It survives the death of the process; a loss of power it survives
   * from the next write on that waits and changes something, and without it nothing later does. Says nothing where `synchronous` is `NORMAL`. Default
   * false.
   */
  readonly lazily?: boolean
}

interface Queued {
  readonly work: Work<unknown>
  readonly lazily: boolean
  readonly resolve: (value: unknown) => void
  readonly reject: (thrown: unknown) => void
}

/** Settles one write, once its transaction is durable. */
type Settle = () => void

/** What is asked of the file around each transaction. */
export interface Surroundings {
  /** Before it begins: throws where nothing may be written. */
  before(): void
  /** Once it is committed, before anybody is told: throws where it may not be there at the next start. */
  after(): void
  /** Whether something failed for want of room. */
  isFull(thrown: unknown): boolean
  /** Makes room, as far as there is any to be had. */
  makeRoom(): void
  /** An error as callers get it. */
  translate(thrown: unknown): unknown
}

/** The writes that one transaction takes from the queue. */
interface Batch {
  taken: number
  /** Whether it is tried again because the disk had no room: then what does not fit is undone alone. */
  hadNoRoom: boolean
}

/** Bounds of one transaction: so long it may keep the event loop and the other processes waiting. */
const MOST_WORKS = 500
const LONGEST_MS = 20

/**
 * Writes of one turn of the event loop share a transaction, so that they share its cost on the disk. They run in the order they
 * came; one that throws is undone alone. A promise settles only after the commit.
 */
export class GroupCommit {
  private queue: Queued[] = []
  private pumping?: Promise<void>
  private isLazy = false

  public constructor(
    private readonly database: Database,
    private readonly statements: Statements,
    private readonly settings: CommitSettings,
    private readonly surroundings: Surroundings
  ) {}

  public add<T>(work: Work<T>, { lazily = false }: WriteOptions): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const isLazy = lazily && this.settings.synchronous === 'FULL'
      this.queue.push({ work, lazily: isLazy, resolve: resolve as Queued['resolve'], reject })
      this.pumping ??= this.pump()
    })
  }

  /** Resolves when everything queued so far is settled. Never rejects. */
  public async drained(): Promise<void> {
    await this.pumping
  }

  private async pump(): Promise<void> {
    while (this.queue.length > 0) {
      await nextTurn()
      await this.commitSome()
    }
    this.pumping = undefined
  }

  private async commitSome(): Promise<void> {
    const batch: Batch = { taken: this.queue.length, hadNoRoom: false }
    try {
      try {
        await this.commit(batch)
      } catch (thrown) {
        rollBack(this.database)
        if (!this.surroundings.isFull(thrown)) throw thrown
        this.surroundings.makeRoom()
        batch.hadNoRoom = true
        await this.commit(batch)
      }
    } catch (thrown) {
      rollBack(this.database)
      for (const { reject } of this.queue.splice(0, batch.taken)) reject(this.surroundings.translate(thrown))
    }
  }

  private async commit(batch: Batch): Promise<void> {
    batch.taken = this.queue.length
    this.surroundings.before()
    await untilFree(
      () => this.begin(),
      this.settings.writeTimeoutMs,
      () => dataVersion(this.database)
    )
    batch.taken = 0
    const deadline = performance.now() + LONGEST_MS
    const settles: Settle[] = []
    while (this.mayTake(batch.taken) && performance.now() < deadline) {
      settles.push(this.runOne(this.queue[batch.taken++], batch))
    }
    this.database.exec('COMMIT')
    this.surroundings.after()
    this.queue.splice(0, batch.taken)
    for (const settle of settles) settle()
  }

  /** How far a transaction waits for the disk SQLite takes before it begins only. */
  private begin(): void {
    const lazily = this.queue.every((queued) => queued.lazily)
    if (lazily !== this.isLazy) {
      this.database.exec(`PRAGMA synchronous = ${lazily ? 'NORMAL' : this.settings.synchronous}`)
      this.isLazy = lazily
    }
    this.database.exec('BEGIN IMMEDIATE')
  }

  /** A write that is to be synced and has come since a lazy transaction began has the next one. */
  private mayTake(taken: number): boolean {
    return taken < Math.min(this.queue.length, MOST_WORKS) && (!this.isLazy || this.queue[taken].lazily)
  }

  /** Throws only when the transaction as a whole is lost. */
  private runOne({ work, resolve, reject }: Queued, { hadNoRoom }: Batch): Settle {
    this.database.exec('SAVEPOINT work')
    try {
      const value = refusePromise(work(this.statements))
      this.database.exec('RELEASE work')
      return () => resolve(value)
    } catch (thrown) {
      if (!hadNoRoom && this.surroundings.isFull(thrown)) throw thrown
      this.undoOne(thrown)
      return () => reject(this.surroundings.translate(thrown))
    }
  }

  private undoOne(thrown: unknown): void {
    try {
      this.database.exec('ROLLBACK TO work')
      this.database.exec('RELEASE work')
    } catch {
      // SQLite ends a transaction by itself when the disk fails or is full; then the savepoint is gone, and so are the works before.
      throw thrown
    }
  }
}

/** Another number after each commit of another connection; https://sqlite.org/pragma.html#pragma_data_version. */
function dataVersion(database: Database): unknown {
  return database.prepare('PRAGMA data_version').all()[0].data_version
}

function refusePromise<T>(value: T): T {
  if (value instanceof Promise) {
    value.catch(() => undefined)
    throw new TypeError('A write must be synchronous: its transaction ends when it returns.')
  }
  return value
}
