import type { StateChange } from '../changes'
import type { StateStore } from '../state-store'

/**
 * Commits changes and stores events: in one transaction where the state can, else one after the other. `committed` is told what `store`
 * resolved with, when all of it is durable.
 */
export async function carry<T>(
  state: StateStore,
  changes: readonly StateChange[],
  store: () => Promise<T>,
  committed: (result: T) => void
): Promise<T> {
  if (state.carry) return state.carry(changes, store, committed)
  if (changes.length > 0) await state.commit(changes)
  const result = await store()
  committed(result)
  return result
}
