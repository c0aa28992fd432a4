/** Random choices that a seed repeats (mulberry32). */
export class Random {
  private state: number

  public constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 up to but without 1. */
  public next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = this.state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number below the limit. */
  public below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** One of them. */
  public of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]
  }

  /** Whether something that has this chance happens. */
  public chance(probability: number): boolean {
    return this.next() < probability
  }

  public bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }

  /** Characters of every kind, lone surrogates and control characters among them. */
  public text(length: number): string {
    return Array.from({ length }, () => String.fromCharCode(this.below(this.chance(0.7) ? 128 : 65536))).join('')
  }
}
