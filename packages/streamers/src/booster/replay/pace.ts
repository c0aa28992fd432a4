import { setTimeout as pause } from 'node:timers/promises'
import { evenNow } from '../../timing'

/** How far a replay is ahead of who handles it. */
interface PaceLimits {
  /** Parked events of the link, beyond which a replay waits. */
  readonly most: number
  /** Parked events between two looks. */
  readonly every: number
  /** Where the number has not gone down for so many milliseconds, nobody handles them, and the replay goes on to its end. */
  readonly stillMs: number
  readonly lookMs: number
}

const LIMITS: PaceLimits = { most: 10_000, every: 1_000, stillMs: 10_000, lookMs: 250 }

/** Lets a replay park only so far ahead of the service that handles it, so that a long one fills neither the state nor the service's memory. */
export class Pace {
  private unlooked = 0
  private isHandled = true

  /** `count`: how many events of the link are parked. */
  public constructor(
    private readonly count: () => Promise<number>,
    private readonly limits = LIMITS
  ) {}

  /** So many more are parked. Resolves when the next may be. Rejects as `count` does. */
  public async parked(events: number): Promise<void> {
    this.unlooked += events
    if (!this.isHandled || this.unlooked < this.limits.every) return
    this.unlooked = 0
    let least = await this.count()
    let movedAt = evenNow()
    for (let left = least; left > this.limits.most; left = await this.count()) {
      if (left < least) movedAt = evenNow()
      least = Math.min(least, left)
      this.isHandled = evenNow() - movedAt < this.limits.stillMs
      if (!this.isHandled) return
      await pause(this.limits.lookMs)
    }
  }
}
