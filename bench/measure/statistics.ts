/** What several runs came to. */
export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
  /** One for each run, in the order of the runs. */
  readonly runs: readonly number[]
}

/** The middle of some figures, and how far they spread. Undefined for none. */
export function summarise(runs: readonly number[]): Summary | undefined {
  if (runs.length === 0) return undefined
  const sorted = ascending(runs)
  return { median: middleOf(sorted), min: sorted[0], max: sorted[sorted.length - 1], runs }
}

/** One figure for each round as a part of the other of the same round: what both share, as a slow machine, falls out. */
export function ratios(runs: readonly number[], baseline: readonly number[]): number[] {
  return runs.slice(0, baseline.length).map((figure, round) => figure / baseline[round])
}

/** The smallest figure that so many per cent of all do not exceed (nearest rank). NaN for none. */
export function percentile(figures: readonly number[], percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * figures.length))
  return ascending(figures)[rank - 1] ?? NaN
}

function middleOf(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function ascending(figures: readonly number[]): number[] {
  return [...figures].sort((a, b) => a - b)
}
