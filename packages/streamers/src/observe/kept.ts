import type { ParkedCount, PendingCount, StateStore } from '../state'
import { errorCode } from './error-code'

/** How the state is. */
export interface StateHealth {
  readonly healthy: boolean
  /** Why it could not be read. */
  readonly code?: string
}

/** What the state says of what waits. */
export interface Kept {
  readonly state: StateHealth
  readonly pending: ReadonlyMap<string, PendingCount>
  readonly parked: readonly ParkedCount[]
  readonly paused: readonly { readonly address: string; readonly handler: string }[]
}

/** Never rejects: a state that cannot be read says why. */
export async function readKept(state: StateStore): Promise<Kept> {
  try {
    const [pending, parked, paused] = await Promise.all([
      state.pendingByAddress(),
      state.parkedByLink(),
      state.pausedLinks(),
    ])
    return { state: { healthy: true }, pending, parked, paused }
  } catch (error) {
    return { state: { healthy: false, code: errorCode(error, 'FAILED') }, pending: new Map(), parked: [], paused: [] }
  }
}
