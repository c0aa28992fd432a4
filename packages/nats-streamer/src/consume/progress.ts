/** Milliseconds for which events may wait while a poll waits for one, and none comes. */
const STALLED_AFTER_MS = 10_000

/** How polling is, as an operator wants to know it. */
export interface Backlog {
  /** How many events wait to be polled. */
  readonly lag: number
  /** Whether some have been there for a while that a poll waits for and does not get. */
  readonly stalled: boolean
}

/** Whether a reader makes progress: a connection alone is no sign of it. */
export class Progress {
  private waiting = false
  private behindSince?: number

  /** A poll begins to wait. */
  public waits(): void {
    this.waiting = true
  }

  /** The poll has ended with so many events. */
  public polled(events: number): void {
    this.waiting = false
    if (events > 0) this.behindSince = undefined
  }

  /** What it means that so many events wait for this reader at this moment. */
  public with(lag: number, now = performance.now()): Backlog {
    // Polls that end with nothing follow each other; between two of them nothing is known to have changed.
    if (lag === 0) this.behindSince = undefined
    else if (this.waiting) this.behindSince ??= now
    const stalled = this.waiting && this.behindSince !== undefined && now - this.behindSince > STALLED_AFTER_MS
    return { lag, stalled }
  }
}

/** Of several readers. */
export function together(backlogs: readonly Backlog[]): Backlog {
  return {
    lag: backlogs.reduce((total, { lag }) => total + lag, 0),
    stalled: backlogs.some(({ stalled }) => stalled),
  }
}
