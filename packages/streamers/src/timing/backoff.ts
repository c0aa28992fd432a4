/**
 * How tries are spaced.
 * @public
 */
export interface Backoff {
  /** Milliseconds before the second try. */
  readonly firstDelayMs: number
  /** What each further delay is multiplied by. */
  readonly factor: number
  /** No delay is longer; milliseconds. */
  readonly maxDelayMs: number
  /** How much of a delay is random, 0 to 1, so that what failed together is not tried together. */
  readonly jitter: number
}

/** The delay after that many failures, in milliseconds. `random` is from 0 to 1. */
export function delayAfter(
  failures: number,
  { firstDelayMs, factor, maxDelayMs, jitter }: Backoff,
  random: number
): number {
  if (firstDelayMs === 0) return 0
  const full = Math.min(maxDelayMs, firstDelayMs * factor ** Math.max(0, failures - 1))
  return Math.round(full * (1 - jitter * random))
}
