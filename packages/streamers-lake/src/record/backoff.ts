const FIRST_MS = 100
const LONGEST_MS = 10_000

/** Milliseconds before the next try, after so many failures in a row. */
export function pauseAfter(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)) * (0.75 + Math.random() / 2)
}
