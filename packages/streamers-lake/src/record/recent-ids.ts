import type { RecordedEvent } from '../format'

/** Ids of so many events are kept in memory, the newest ones. */
const MOST = 100_000

/** What identifies an event where nothing else does. */
export type Identified = Pick<RecordedEvent, 'source' | 'id'>

/**
 * What identifies the newest events of an address whose broker has no stable places, so that what is delivered again, because the answer to it was lost,
 * is recorded once. An event without an id is recorded at each delivery.
 */
export class RecentIds {
  private readonly ids = new Set<string>()

  /** Whether it is new. Takes note of it. */
  public isNew({ source, id }: Identified): boolean {
    if (id === undefined) return true
    const both = JSON.stringify([source, id])
    if (this.ids.has(both)) return false
    this.ids.add(both)
    if (this.ids.size > MOST) for (const oldest of this.ids) return this.ids.delete(oldest)
    return true
  }
}
