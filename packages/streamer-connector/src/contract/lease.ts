/**
 * How far the clocks of processes that share a state, a group or an event store may be apart; milliseconds.
 * @internal
 */
export const CLOCKS_APART_MS = 60_000

/**
 * The latest end that something of this length may have. What is said to end later was begun by a clock that was wrong, and counts as over: it is
 * held by nobody for longer than its length from now. All in milliseconds.
 * @internal
 */
export function furthestEnd(now: number, lengthMs: number): number {
  return now + lengthMs + CLOCKS_APART_MS
}

/**
 * Whether something of this length has not ended yet. All in milliseconds.
 * @internal
 */
export function lasts(until: number, now: number, lengthMs: number): boolean {
  return until > now && until <= furthestEnd(now, lengthMs)
}
