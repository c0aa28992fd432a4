import type { Client } from './client'
import { until } from './until'

/** A fault, and what brings it about. */
export interface Trouble {
  /** When so many commands were sent. */
  readonly at: number
  /** Resolves when it is over. */
  readonly bring: () => Promise<void>
}

/** All that happens to one victim, one after the other. */
export class Misfortune {
  private next = 0
  private since = Date.now()

  public constructor(
    private readonly troubles: readonly Trouble[],
    private readonly client: Client,
    /** Milliseconds. */
    private readonly patience: number
  ) {}

  /** How many commands may be sent before the fault that is due: more and more while it does not come about. */
  public allowance(window: number): number {
    const trouble = this.troubles[this.next]
    if (!trouble) return Infinity
    const lateMs = Math.max(0, Date.now() - this.since - this.patience)
    return trouble.at + Math.ceil(window * (1 + lateMs / this.patience))
  }

  /** Resolves when all of them are over. */
  public async run(onEnd: () => void): Promise<void> {
    for (const { at, bring } of this.troubles) {
      this.since = Number.MAX_SAFE_INTEGER
      await until(() => this.client.sent >= at || this.client.isDone, Infinity, 10)
      this.since = Date.now()
      await bring()
      onEnd()
      this.next += 1
    }
  }
}
