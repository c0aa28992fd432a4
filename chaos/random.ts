import { createHash } from 'node:crypto'

/** Numbers that are the same for the same seed, on every machine. */
export class Random {
  private drawn = 0

  public constructor(private readonly seed: string) {}

  /** A whole number from `least` to `most`, both included. */
  public int(least: number, most: number): number {
    const digest = createHash('sha256').update(`${this.seed}#${this.drawn++}`).digest()
    return least + (digest.readUIntBE(0, 6) % (most - least + 1))
  }

  public one<T>(of: readonly T[]): T {
    return of[this.int(0, of.length - 1)]
  }

  /** A copy in another order. */
  public shuffled<T>(list: readonly T[]): T[] {
    const copy = [...list]
    for (let last = copy.length - 1; last > 0; last -= 1) {
      const other = this.int(0, last)
      ;[copy[last], copy[other]] = [copy[other], copy[last]]
    }
    return copy
  }
}
