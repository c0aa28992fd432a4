import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PendingMark } from '../../state'
import type { StoredEvent } from '../stored-event'

/** Marks whose events were looked for, and the events that were found. */
export interface ReadPage<M extends PendingMark> {
  /** The first of the marks that were given: as many as fit. */
  readonly marks: readonly M[]
  readonly found: ReadonlyMap<string, StoredEvent>
}

/** What one page may take of the memory, in bytes. */
const PAGE_BYTES = 8 * 1024 * 1024
/** What one slice of it is to take: so much is parsed at once. */
const SLICE_BYTES = 128 * 1024
/** Events looked for at once. */
const SLICE = { first: 16, largest: 64 } as const

/**
 * Looks for the events of marks, a few at a time: between two looks other work gets its turn, as a store that answers from memory
 * or from a file would keep it waiting for the whole page. Ends early when what was found takes much memory.
 */
export async function readPage<M extends PendingMark>(
  marks: readonly M[],
  find: (marks: readonly M[]) => Promise<ReadonlyMap<string, StoredEvent>>
): Promise<ReadPage<M>> {
  const found = new Map<string, StoredEvent>()
  let size: number = SLICE.first
  let total = 0
  for (let looked = 0; looked < marks.length;) {
    if (looked > 0) await nextTurn()
    const events = await find(marks.slice(looked, looked + size))
    const bytes = [...events.values()].reduce((sum, event) => sum + (event.size ?? 0), 0)
    for (const [id, event] of events) found.set(id, event)
    looked += size
    total += bytes
    if (total > PAGE_BYTES) return { marks: marks.slice(0, looked), found }
    size = bytes > SLICE_BYTES ? Math.max(1, Math.floor(size / 2)) : Math.min(SLICE.largest, size * 2)
  }
  return { marks, found }
}
