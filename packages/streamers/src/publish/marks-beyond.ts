import type { PendingMark, StateStore } from '../state'
import type { StoredEvent } from './stored-event'

/** A mark at its place. */
export type PlacedMark = PendingMark & { readonly place: number }

/** Where marks are read. */
export interface MarksSource {
  readonly state: Pick<StateStore, 'pendingMarks'>
  readonly address: string
  readonly slots?: readonly number[]
}

const AT_ONCE = 100

/**
 * The marks behind a full page whose events may have been stored before an event of the page: what was stored before it was marked
 * before that.
 */
export async function marksBeyond(
  { state, address, slots }: MarksSource,
  page: readonly PlacedMark[],
  found: ReadonlyMap<string, StoredEvent>
): Promise<PlacedMark[]> {
  const storedAt = Math.max(...page.map(({ id }) => found.get(id)?.storedAt ?? 0))
  const beyond: PlacedMark[] = []
  for (;;) {
    const after = (beyond[beyond.length - 1] ?? page[page.length - 1]).place
    const next = await state.pendingMarks(address, { limit: AT_ONCE, after, slots })
    beyond.push(...next)
    if (next.length < AT_ONCE || next[next.length - 1].markedAt > storedAt) break
  }
  return beyond.filter(({ markedAt }) => markedAt <= storedAt)
}
