import type { StateStore } from '../../src/state'

/** How a store of state is opened, and opened again on what it has kept. */
export interface StateUnderTest {
  open(): Promise<StateStore>
}

/** The store that a test works on. */
export interface OpenState {
  readonly state: StateStore
  reopen(): Promise<void>
}

/** A claim by somebody, of 500 ms. */
export const asOwner = (owner: string, now = 1_000): { owner: string; now: number; claimMs: number } => ({
  owner,
  now,
  claimMs: 500,
})
