import type { PendingMark } from '../state'
import type { StoredEvent } from './stored-event'

/** A mark with its event. */
export interface ReadyMark<M extends PendingMark = PendingMark> {
  readonly mark: M
  readonly event: StoredEvent
}

/** What can be done with a run of marks. */
export interface SortedMarks<M extends PendingMark = PendingMark> {
  /** To be published now, in order. */
  readonly ready: readonly ReadyMark<M>[]
  /** Their events were never stored. */
  readonly orphaned: readonly M[]
  /** To be looked at again: being stored, perhaps still being stored elsewhere, or behind one of the same entity that is. */
  readonly waiting: readonly M[]
}

/** Whether the event of a mark may yet appear in the store, was never stored, or is being stored at this moment. */
export type Absence = 'waiting' | 'orphaned'

/** Sorts marks, keeping each entity's order: nothing passes a mark of its entity that waits. */
export function sortMarks<M extends PendingMark>(
  marks: readonly M[],
  found: ReadonlyMap<string, StoredEvent>,
  absenceOf: (mark: M) => Absence
): SortedMarks<M> {
  const ready: ReadyMark<M>[] = []
  const orphaned: M[] = []
  const waiting: M[] = []
  const held = new Set<string>()
  for (const mark of marks) {
    const entity = JSON.stringify([mark.entityTypeName, mark.entityId])
    const event = found.get(mark.id)
    if (held.has(entity)) waiting.push(mark)
    else if (event) ready.push({ mark, event })
    else if (absenceOf(mark) === 'orphaned') orphaned.push(mark)
    else {
      held.add(entity)
      waiting.push(mark)
    }
  }
  return { ready, orphaned, waiting }
}
