import type { PendingMark, StateStore } from '../../state'
import { entityOf } from './sort-marks'
import type { StoredEvent } from '../stored-event'

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
 * The marks behind a full page whose events may have been stored before an event of the same entity in the page: what was stored
 * before it was marked before that.
 */
export async function marksBeyond(
  { state, address, slots }: MarksSource,
  page: readonly PlacedMark[],
  found: ReadonlyMap<string, StoredEvent>
): Promise<PlacedMark[]> {
  const storedAt = lastTimes(page, found)
  const latest = Math.max(0, ...storedAt.values())
  const beyond: PlacedMark[] = []
  let { place: after } = page[page.length - 1]
  for (;;) {
    const next = await state.pendingMarks(address, { limit: AT_ONCE, after, slots })
    beyond.push(...next.filter((mark) => mark.markedAt <= (storedAt.get(entityOf(mark)) ?? -Infinity)))
    if (next.length < AT_ONCE || next[next.length - 1].markedAt > latest) return beyond
    after = next[next.length - 1].place
  }
}

/** When the last event of each entity of a page was stored. */
function lastTimes(page: readonly PlacedMark[], found: ReadonlyMap<string, StoredEvent>): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const mark of page) {
    const entity = entityOf(mark)
    times.set(entity, Math.max(times.get(entity) ?? 0, found.get(mark.id)?.storedAt ?? 0))
  }
  return times
}
