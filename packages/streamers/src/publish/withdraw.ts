import type { StateStore } from '../state'

/** An event that is no more to be published, and where it was to go. */
export interface Withdrawal {
  readonly id: string
  readonly addresses: readonly string[]
}

/** Marks read at once. */
const PAGE = 1_000

/**
 * Takes the marks of events away, so that no relay publishes them. Resolves with what was too late: events for which an address has no mark, as it
 * was given them before or refuses them. What a relay is sending at this moment may still arrive. Rejects with a `STORAGE_…` error.
 */
export async function withdraw(
  state: StateStore,
  withdrawals: readonly Withdrawal[]
): Promise<{ readonly id: string; readonly address: string }[]> {
  const late: { id: string; address: string }[] = []
  for (const [address, ids] of idsByAddress(withdrawals)) {
    const pending = await pendingOf(state, address, ids)
    await state.commit([{ do: 'unmark', address, ids: [...ids] }])
    for (const id of ids) if (!pending.has(id)) late.push({ id, address })
  }
  return late
}

function idsByAddress(withdrawals: readonly Withdrawal[]): ReadonlyMap<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { id, addresses } of withdrawals) {
    for (const address of addresses) found.set(address, (found.get(address) ?? new Set()).add(id))
  }
  return found
}

/** Which of them are pending. */
async function pendingOf(state: StateStore, address: string, ids: ReadonlySet<string>): Promise<Set<string>> {
  const found = new Set<string>()
  for (let after: number | undefined; found.size < ids.size;) {
    const marks = await state.pendingMarks(address, { limit: PAGE, after })
    for (const { id } of marks) if (ids.has(id)) found.add(id)
    if (marks.length < PAGE) break
    after = marks[marks.length - 1].place
  }
  return found
}
