/** How much of a store is measured. */
export interface StoreExtent {
  readonly rounds: number
  /** Those of them in which Booster's local provider goes the whole way, which takes it minutes. */
  readonly localRounds: number
  /** Entities, each of which gets one command. */
  readonly entities: number
  /** Commands under way at once. */
  readonly callers: number
  readonly manyCallers: number
  /** How many events are stored when the command path is measured. */
  readonly sizes: readonly number[]
  /** Commands that it is measured by. */
  readonly window: number
  /** GraphQL requests of one kind. */
  readonly requests: number
}

export const FULL: StoreExtent = {
  rounds: 5,
  localRounds: 1,
  entities: 10_000,
  callers: 32,
  manyCallers: 256,
  sizes: [10_000, 100_000, 1_000_000],
  window: 10_000,
  requests: 5_000,
}

/** Enough to see that it works and about where it stands. */
export const QUICK: StoreExtent = {
  ...FULL,
  rounds: 1,
  entities: 3_000,
  sizes: [10_000, 30_000],
  window: 5_000,
  requests: 1_000,
}
