import { failpoint } from '@boostercloud/streamer-connector'
import type { PendingMark, StateChange, StateStore } from '../state'
import { slotOf } from './slots'
import type { StoredEvent } from './stored-event'

/** What the outbox needs to know. */
export interface OutboxOptions {
  readonly state: StateStore
  /** This run of this process. */
  readonly owner: string
  /** Where events of a class are streamed to. */
  readonly addressesOf: (typeName: string) => readonly string[]
  /** Told which addresses may have something new to publish, and which events are known to be stored. */
  readonly wake: (addresses: readonly string[], events: readonly StoredEvent[]) => void
  readonly now: () => number
}

/** When the store says that it stored each event, by id, in milliseconds since 1970. */
export type TimesIn<T> = (answer: T) => ReadonlyMap<string, number>

/**
 * Stored, therefore published: before events are stored, each has a durable mark for each address it goes to. Once they are
 * stored the relays are woken; whatever happens in between, the marks remain, and a relay finds out what became of the event.
 */
export class Outbox {
  /** Ids that are between their mark and the store's answer. */
  private readonly storing = new Set<string>()

  public constructor(private readonly options: OutboxOptions) {}

  /** Whether an event of this run is being stored at this moment. */
  public isStoring(id: string): boolean {
    return this.storing.has(id)
  }

  /** The marks of events, to be committed before the events are stored. */
  public marksFor(events: readonly StoredEvent[]): StateChange[] {
    return events.flatMap((event) =>
      this.options.addressesOf(event.typeName).map((address) => ({
        do: 'mark-pending' as const,
        mark: this.markOf(event, address),
      }))
    )
  }

  /**
   * Marks, stores, and wakes the relays, in this order. Resolves and rejects as `store` does; rejects with a `STORAGE_…` error,
   * and stores nothing, when the marks cannot be written. Never waits for a broker.
   */
  public async store<T>(events: readonly StoredEvent[], store: () => Promise<T>, timesIn?: TimesIn<T>): Promise<T> {
    const marks = this.marksFor(events)
    await failpoint('publish.before-mark')
    if (marks.length > 0) await this.options.state.commit(marks)
    await failpoint('publish.after-mark')
    return this.storeMarked(events, store, timesIn)
  }

  /** The same for events whose marks are committed already. */
  public async storeMarked<T>(
    events: readonly StoredEvent[],
    store: () => Promise<T>,
    timesIn?: TimesIn<T>
  ): Promise<T> {
    for (const { id } of events) this.storing.add(id)
    let stored: readonly StoredEvent[] = []
    try {
      const result = await store()
      await failpoint('publish.after-store')
      const times = timesIn?.(result)
      stored = events.map((event) => ({ ...event, storedAt: times?.get(event.id) }))
      return result
    } finally {
      for (const { id } of events) this.storing.delete(id)
      const addresses = new Set(events.flatMap(({ typeName }) => this.options.addressesOf(typeName)))
      if (addresses.size > 0) this.options.wake([...addresses], stored)
    }
  }

  private markOf(event: StoredEvent, address: string): PendingMark {
    return {
      address,
      id: event.id,
      typeName: event.typeName,
      entityTypeName: event.entityTypeName,
      entityId: event.entityId,
      slot: slotOf(event.entityTypeName, event.entityId),
      markedAt: this.options.now(),
      owner: this.options.owner,
      context: event.context,
    }
  }
}
