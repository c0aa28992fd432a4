/** At most so many at once; the others wait their turn in order. */
export class Limiter {
  private running = 0
  private readonly queue: (() => void)[] = []

  public constructor(private readonly limit: number) {}

  /** Runs the work when it is its turn, and resolves or rejects as it does. */
  public async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.limit) await new Promise<void>((resolve) => this.queue.push(resolve))
    else this.running += 1
    try {
      return await work()
    } finally {
      const next = this.queue.shift()
      if (next) next()
      else this.running -= 1
    }
  }
}
