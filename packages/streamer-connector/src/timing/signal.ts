import { within } from './within'

/**
 * Something that others wait for: what has come, what has changed, what is over. It keeps nothing: check first whether there is anything to wait for.
 * @experimental
 */
export class Signal {
  private readonly waiting = new Set<() => void>()

  /** Lets everybody go on who waits at this moment. */
  public give(): void {
    for (const goOn of this.waiting) goOn()
    this.waiting.clear()
  }

  /** Resolves when it is given the next time, or after so many milliseconds. Never rejects. */
  public async next(limitMs = Infinity): Promise<void> {
    if (limitMs <= 0) return
    let goOn = (): void => undefined
    const given = new Promise<void>((resolve) => (goOn = resolve))
    this.waiting.add(goOn)
    await within(limitMs, given, () => undefined)
    this.waiting.delete(goOn)
  }
}
