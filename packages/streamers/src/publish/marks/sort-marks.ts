import type { PendingMark } from '../../state'
import type { StoredEvent } from '../stored-event'

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

/**
 * Sorts marks, keeping each entity's order: nothing passes a mark of its entity that waits, and what is ready is in the order in
 * which it was stored. Two commands at once may store in another order than they have marked. `held`: the entities that have a mark that
 * waits; more are added.
 */
export function sortMarks<M extends PendingMark>(
  marks: readonly M[],
  found: ReadonlyMap<string, StoredEvent>,
  absenceOf: (mark: M) => Absence,
  held = new Set<string>()
): SortedMarks<M> {
  const ready: ReadyMark<M>[] = []
  const orphaned: M[] = []
  const waiting: M[] = []
  for (const mark of marks) {
    const entity = entityOf(mark)
    const event = found.get(mark.id)
    if (held.has(entity)) waiting.push(mark)
    else if (event) ready.push({ mark, event })
    else if (absenceOf(mark) === 'orphaned') orphaned.push(mark)
    else {
      held.add(entity)
      waiting.push(mark)
    }
  }
  return { ready: inStoredOrder(ready), orphaned, waiting }
}

/** Each entity keeps its places; where one of its events does not tell when it was stored, they stay as they were marked. */
function inStoredOrder<M extends PendingMark>(ready: readonly ReadyMark<M>[]): readonly ReadyMark<M>[] {
  const byEntity = new Map<string, ReadyMark<M>[]>()
  for (const one of ready) {
    const entity = entityOf(one.mark)
    const known = byEntity.get(entity)
    if (known) known.push(one)
    else byEntity.set(entity, [one])
  }
  for (const ofEntity of byEntity.values()) {
    if (ofEntity.some(({ event }) => event.storedAt === undefined)) continue
    ofEntity.sort((one, other) => (one.event.storedAt ?? 0) - (other.event.storedAt ?? 0))
  }
  const taken = new Map<string, number>()
  return ready.map(({ mark }) => {
    const entity = entityOf(mark)
    const next = taken.get(entity) ?? 0
    taken.set(entity, next + 1)
    return (byEntity.get(entity) as ReadyMark<M>[])[next]
  })
}

/**
 * Each entity's events up to the last one that was known to be stored before its marks were read. Whatever is stored before that
 * one was marked before it was stored, so it is among these marks; of a later one that cannot be said yet.
 */
export function upToKnown<M extends PendingMark>(
  ready: readonly ReadyMark<M>[],
  isKnown: (event: StoredEvent) => boolean
): readonly ReadyMark<M>[] {
  const certain = new Set<string>()
  return [...ready]
    .reverse()
    .filter(({ mark, event }) => {
      const entity = entityOf(mark)
      if (isKnown(event)) certain.add(entity)
      return certain.has(entity)
    })
    .reverse()
}

/** An entity as a key in memory. */
export function entityOf({ entityTypeName, entityId }: PendingMark): string {
  return JSON.stringify([entityTypeName, entityId])
}
