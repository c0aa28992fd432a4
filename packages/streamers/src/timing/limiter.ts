/** At most so many at once; the others wait their turn in order. */
export class Limiter {
  private running = 0
  private readonly queue: (() => void)[] = []

  public constructor(private readonly limit: number) {}

  /** Takes a place if one is free. */
  public tryEnter(): boolean {
    if (this.running >= this.limit) return false
    this.running += 1
    return true
  }

  /** Resolves when a place is taken; {@link leave} gives it back. */
  public async enter(): Promise<void> {
    if (!this.tryEnter()) await new Promise<void>((resolve) => this.queue.push(resolve))
  }

  /** Gives a place back: to the first that waits, if any. */
  public leave(): void {
    const next = this.queue.shift()
    if (next) next()
    else this.running -= 1
  }

  /** Runs the work when it is its turn, and resolves or rejects as it does. */
  public async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter()
    try {
      return await work()
    } finally {
      this.leave()
    }
  }
}
