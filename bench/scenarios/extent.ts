/** How much is measured. */
export interface Extent {
  readonly rounds: number
  /** Events that are published before anything is measured. */
  readonly warmUp: number
  /** Events of one round where publishing or polling is measured alone. */
  readonly alone: number
  /** Sizes of `publish` where it is measured alone. */
  readonly batches: readonly number[]
  /** Events at a steady rate. */
  readonly paced: number
  readonly perSecond: number
  /** Events published as fast as they are taken: at most so many, and for no longer than so many milliseconds. */
  readonly flood: number
  readonly floodMs: number
  /** As many are published, whatever the time, where handlers fail. */
  readonly failingFlood: number
  /** Milliseconds after which a run is over, whatever is not handled yet. */
  readonly limitMs: number
  readonly failingLimitMs: number
  /** Events of one `publish` on the whole way. */
  readonly batch: number
  /** One in so many handlings throws once, where handlers fail. */
  readonly failEvery: number
}

/** The whole of it. */
export const FULL: Extent = {
  rounds: 5,
  warmUp: 5_000,
  alone: 50_000,
  batches: [100, 1_000],
  paced: 600,
  perSecond: 200,
  flood: 50_000,
  floodMs: 4_000,
  failingFlood: 30_000,
  limitMs: 60_000,
  failingLimitMs: 15_000,
  batch: 500,
  failEvery: 100,
}

/** Enough to see that it works and about where it stands. */
export const QUICK: Extent = {
  ...FULL,
  rounds: 3,
  warmUp: 2_000,
  alone: 30_000,
  paced: 400,
  flood: 10_000,
  floodMs: 2_000,
  failingFlood: 10_000,
  limitMs: 30_000,
}
