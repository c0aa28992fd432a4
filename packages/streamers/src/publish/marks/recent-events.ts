import type { PendingMark } from '../../state'
import type { EventSource, StoredEvent } from '../stored-event'

/**
 * Bounded memory for what was just stored, so that the usual way out needs no read of the event store.
 * @internal
 */
export class RecentEvents implements EventSource {
  private readonly recent = new Map<string, { readonly event: StoredEvent; readonly moment: number }>()
  private latest = 0

  /** `limit`: events kept; the oldest go first and are then read from `behind`. */
  public constructor(
    private readonly behind: EventSource,
    private readonly limit: number
  ) {}

  public add(events: readonly StoredEvent[]): void {
    this.latest += 1
    for (const event of events) this.recent.set(event.id, { event, moment: this.latest })
    for (const id of this.recent.keys()) {
      if (this.recent.size <= this.limit) break
      this.recent.delete(id)
    }
  }

  /** A number that grows with each `add`. */
  public get moment(): number {
    return this.latest
  }

  /** Whether an event was added at that moment or before. */
  public has(id: string, moment: number): boolean {
    const known = this.recent.get(id)
    return known !== undefined && known.moment <= moment
  }

  public forget(ids: readonly string[]): void {
    for (const id of ids) this.recent.delete(id)
  }

  public async find(marks: readonly PendingMark[]): Promise<Map<string, StoredEvent>> {
    const found = new Map<string, StoredEvent>()
    for (const { id } of marks) {
      const known = this.recent.get(id)
      if (known) found.set(id, known.event)
    }
    const unknown = marks.filter(({ id }) => !found.has(id))
    if (unknown.length === 0) return found
    return new Map([...(await this.behind.find(unknown)), ...found])
  }
}
