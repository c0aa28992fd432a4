/**
 * No lease and no claim is longer; milliseconds.
 * @internal
 */
export const LONGEST_LEASE_MS = 60_000

/**
 * Whole milliseconds since 1970, by a clock that goes on evenly from the start of the process, whatever is done to the machine's: for what is
 * compared within a process.
 */
export function evenNow(): number {
  return Math.floor(performance.timeOrigin + performance.now())
}
