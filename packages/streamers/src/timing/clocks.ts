/** How far the clocks of processes that share a state or an event store may be apart; milliseconds. */
export const CLOCKS_APART_MS = 60_000

/** No lease and no claim is longer; milliseconds. */
export const LONGEST_LEASE_MS = 60_000

/**
 * The latest end that something of this length may have. What is said to end later was begun by a clock that was wrong, and counts as over: it is
 * held by nobody for longer than its length from now. All in milliseconds.
 */
export function furthestEnd(now: number, lengthMs: number): number {
  return now + lengthMs + CLOCKS_APART_MS
}

/** Whether something of this length has not ended yet. All in milliseconds. */
export function lasts(until: number, now: number, lengthMs: number): boolean {
  return until > now && until <= furthestEnd(now, lengthMs)
}

/**
 * Whole milliseconds since 1970, by a clock that goes on evenly from the start of the process, whatever is done to the machine's: for what is
 * compared within a process.
 */
export function evenNow(): number {
  return Math.floor(performance.timeOrigin + performance.now())
}
