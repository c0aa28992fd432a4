import { setImmediate as nextTurn } from 'node:timers/promises'

/** Carries out together what is asked for in one turn of the event loop. */
export class Gathering<T> {
  private items: T[] = []
  private gathered?: Promise<void>
  private readonly underWay = new Set<Promise<void>>()

  public constructor(private readonly carryOut: (items: readonly T[]) => Promise<void>) {}

  /** Resolves or rejects as what was gathered with it. */
  public add(item: T): Promise<void> {
    this.items.push(item)
    this.gathered ??= this.track(this.atNextTurn())
    return this.gathered
  }

  /** Resolves when nothing is left of what was added before, however that ended. */
  public async quiet(): Promise<void> {
    await Promise.allSettled(this.underWay)
  }

  private track(running: Promise<void>): Promise<void> {
    this.underWay.add(running)
    const forget = (): void => void this.underWay.delete(running)
    running.then(forget, forget)
    return running
  }

  private async atNextTurn(): Promise<void> {
    await nextTurn()
    const { items } = this
    this.items = []
    this.gathered = undefined
    await this.carryOut(items)
  }
}
