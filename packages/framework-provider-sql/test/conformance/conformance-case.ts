import type { Bench } from './bench'

/** One thing that Booster's provider interface promises. */
export interface ConformanceCase {
  /** Stable: the lists of known failures name a case by it. */
  readonly name: string
  /** What it asserts, in one sentence. */
  readonly asserts: string
  /** Resolves when the provider does what the case asserts. */
  run(bench: Bench): Promise<void>
}
