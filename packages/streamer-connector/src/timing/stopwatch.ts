/**
 * How long something has lasted, in milliseconds: by the clock of the process, or by the machine's where that says more. The first stands still while a
 * machine is suspended; the second may be set. So a lease by it is over too early at the worst, never too late.
 * @experimental
 */
export class Stopwatch {
  private readonly even = performance.now()
  private readonly wall = Date.now()

  /** Since it was made. */
  public get elapsedMs(): number {
    return Math.max(performance.now() - this.even, Date.now() - this.wall)
  }
}
