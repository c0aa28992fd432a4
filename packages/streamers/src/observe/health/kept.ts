import type { KnownRun, ParkedCount, PendingCount, StateStore } from '../../state'
import { errorCode } from '../error-code'

/**
 * How the state is.
 * @public
 */
export interface StateHealth {
  readonly healthy: boolean
  /** Why it cannot be read or written. */
  readonly code?: string
}

/** What the state says of what waits. */
export interface Kept {
  readonly state: StateHealth
  readonly pending: ReadonlyMap<string, PendingCount>
  readonly parked: readonly ParkedCount[]
  readonly paused: readonly { readonly address: string; readonly handler: string }[]
  readonly runs: readonly KnownRun[]
}

/** Never rejects: a state that cannot be read, or not be written, says why. */
export async function readKept(state: StateStore): Promise<Kept> {
  try {
    const [pending, parked, paused, runs] = await Promise.all([
      state.pendingByAddress(),
      state.parkedByLink(),
      state.pausedLinks(),
      state.knownRuns(Date.now()),
      state.probe?.(),
    ])
    return { state: { healthy: true }, pending, parked, paused, runs }
  } catch (error) {
    const state = { healthy: false, code: errorCode(error, 'FAILED') }
    return { state, pending: new Map(), parked: [], paused: [], runs: [] }
  }
}
