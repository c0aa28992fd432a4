import type { Bench } from '../bench/bench'
import type { Need } from './needs'

/**
 * What a case is about: sending, taking in, what is in between, beginning and end, or what a whole service on the connector does
 * when something fails.
 * @public
 */
export type Room = 'publish' | 'receive' | 'wire' | 'life' | 'failure'

/**
 * One thing that a connector is held to.
 * @public
 */
export interface ConformanceCase {
  /** Public and stable: reports and documentation name a case by it. */
  readonly name: string
  readonly room: Room
  /** What it asserts, in one sentence. */
  readonly asserts: string
  /** What the connector or its harness must have for the case to mean anything. */
  readonly needs: readonly Need[]
  /** @internal Resolves when the connector does what the case asserts; rejects with an `AssertionError` otherwise. `runCase` calls it. */
  run(bench: Bench): Promise<void>
}
