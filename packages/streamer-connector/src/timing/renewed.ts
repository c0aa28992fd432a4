import { Signal } from './signal'

/**
 * How a thing is made and ended.
 * @experimental
 */
export interface Making<T> {
  /** Resolves with one that works; `lost` is to be called once when it no longer does. */
  open(lost: (reason: unknown) => void): Promise<T>
  /** Ends one in order. */
  close(value: T): Promise<void>
  /** Called when one was lost, with the reason. */
  onLost?(value: T, reason: unknown): void
  /** What is rejected with once it is stopped. */
  closed(): Error
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 3000
/** What was lost sooner after it was made counts as a failure to make it: the next try is not at once. */
const SHORT_LIFE_MS = 1000

interface Wish<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(reason: unknown): void
}

/**
 * A thing that breaks and is made again, as a connection: made when it is first asked for, and from then on, by itself, whenever it is lost,
 * with pauses that grow, from a tenth of a second to three seconds, until it is stopped.
 * @experimental
 */
export class Renewed<T> {
  private value?: T
  private madeAt = 0
  private wish?: Wish<T>
  private making?: Promise<void>
  private failures = 0
  private reason?: unknown
  private stopped?: Promise<void>
  private readonly pauseEnd = new Signal()

  public constructor(private readonly how: Making<T>) {}

  /** It, if it is there at this moment. */
  public get current(): T | undefined {
    return this.value
  }

  /** Whether anybody has asked for it. */
  public get isWanted(): boolean {
    return this.value !== undefined || this.wish !== undefined
  }

  /** Why it is not there: what the last try failed with, or what it was lost by. */
  public get failure(): unknown {
    return this.value === undefined ? this.reason : undefined
  }

  /** It, or what comes of the try that is under way or next. Rejects with what that fails with, and with `closed()` once stopped. */
  public async get(): Promise<T> {
    if (this.value !== undefined) return this.value
    if (this.stopped) throw this.how.closed()
    return (this.wish ?? this.begin()).promise
  }

  /** Ends the pause before the next try: what made it fail may be gone. */
  public hurry(): void {
    this.pauseEnd.give()
  }

  /** Ends it, and every wait for it. May be called twice. */
  public stop(): Promise<void> {
    this.stopped ??= this.end()
    return this.stopped
  }

  private async end(): Promise<void> {
    this.wish?.reject(this.how.closed())
    this.pauseEnd.give()
    const { value } = this
    this.value = undefined
    if (value !== undefined) await this.how.close(value)
    await this.making
  }

  private begin(): Wish<T> {
    const wish = newWish<T>()
    this.wish = wish
    this.making = this.make(wish)
    return wish
  }

  private async make(wish: Wish<T>): Promise<void> {
    if (this.failures > 0) await this.pause()
    if (this.stopped) return
    const life: { lostBy?: unknown; isOver: boolean } = { isOver: false }
    try {
      const value = await this.how.open((reason) => {
        if (life.isOver) return
        life.isOver = true
        life.lostBy = reason
        if (this.wish !== wish && this.value !== undefined) this.lose(reason)
      })
      if (this.isStopped()) return await this.how.close(value)
      if (life.isOver) throw life.lostBy
      this.value = value
      this.madeAt = performance.now()
      this.wish = undefined
      wish.resolve(value)
    } catch (thrown) {
      this.failures += 1
      this.reason = thrown
      if (!this.isStopped()) this.begin()
      wish.reject(thrown)
    }
  }

  private lose(reason: unknown): void {
    const value = this.value as T
    this.value = undefined
    this.reason = reason
    this.failures = performance.now() - this.madeAt < SHORT_LIFE_MS ? this.failures + 1 : 0
    this.how.onLost?.(value, reason)
    if (!this.stopped) this.begin()
  }

  private isStopped(): boolean {
    return this.stopped !== undefined
  }

  private async pause(): Promise<void> {
    const ms = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.failures - 1)) * (0.75 + Math.random() / 2)
    await this.pauseEnd.next(ms)
  }
}

function newWish<T>(): Wish<T> {
  let wish: Pick<Wish<T>, 'resolve' | 'reject'> | undefined
  const promise = new Promise<T>((resolve, reject) => (wish = { resolve, reject }))
  // Whoever waits has the reason too; a try that nobody waits for has failed all the same.
  promise.catch(() => undefined)
  return { promise, ...(wish as Pick<Wish<T>, 'resolve' | 'reject'>) }
}
