/**
 * How something is opened and ended.
 * @experimental
 */
export interface Opening<T> {
  open(): Promise<T>
  /** Ends one. The caller gets its rejection. */
  close(value: T): Promise<void>
  /** Whether one that was opened is of no use any more, and another one is to be opened in its place. Default: never. */
  isGone?(value: T): boolean
  /** What is rejected with after the end. */
  closed(): Error
}

/**
 * Something that is opened when it is first asked for, again after that has failed, and again when it is gone. Those who ask at once share one.
 * @experimental
 */
export class OnDemand<T> {
  private underWay?: Promise<T>
  private opened?: T
  private reason?: unknown
  private ended?: Promise<void>

  public constructor(private readonly how: Opening<T>) {}

  /** What was opened last, if anything was. */
  public get current(): T | undefined {
    return this.opened
  }

  /** It, open or being opened, also where it is gone. Undefined while nobody has asked for it, and after a failure. */
  public get opening(): Promise<T> | undefined {
    return this.underWay
  }

  /** Why the last opening has failed, until one succeeds. */
  public get failure(): unknown {
    return this.reason
  }

  /** It. Rejects as `open` does, and with `closed()` after the end. */
  public async get(): Promise<T> {
    if (this.ended !== undefined) throw this.how.closed()
    const opening = (this.underWay ??= this.open())
    const value = await opening
    if (!this.how.isGone?.(value)) return value
    if (this.underWay === opening) {
      this.underWay = undefined
      await this.how.close(value)
    }
    return this.get()
  }

  /** Closes it; what is being opened is closed when it is open. Rejects as `close` does. May be called twice. */
  public end(): Promise<void> {
    this.ended ??= this.endNow()
    return this.ended
  }

  private async endNow(): Promise<void> {
    // Whoever asked for what cannot be opened has the error.
    const opened = await this.underWay?.then(
      (value) => ({ value }),
      () => undefined
    )
    if (opened) await this.how.close(opened.value)
  }

  private async open(): Promise<T> {
    try {
      const value = await this.how.open()
      this.reason = undefined
      this.opened = value
      return value
    } catch (thrown) {
      this.underWay = undefined
      this.reason = thrown
      throw thrown
    }
  }
}
