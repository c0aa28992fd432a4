import { Signal } from './signal'

/**
 * Lets a loop sleep until somebody has something for it. A wake-up that comes while nobody sleeps is kept for the next sleep.
 * @internal
 */
export class WakeUp {
  private pending = false
  private readonly signal = new Signal()

  /** Ends the sleep, or the next one. */
  public wake(): void {
    this.pending = true
    this.signal.give()
  }

  /** Forgets a wake-up that is kept: what it was for is being seen to. */
  public forget(): void {
    this.pending = false
  }

  /** Resolves at the next wake-up, or after so many milliseconds; never later. One sleeper at a time. */
  public async sleep(limitMs: number): Promise<void> {
    if (!this.pending) await this.signal.next(limitMs)
    this.pending = false
  }
}
