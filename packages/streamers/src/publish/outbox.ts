import { failpoint } from '@boostercloud/streamer-connector'
import { carry } from '../state'
import type { PendingMark, StateChange, StateStore, Timer } from '../state'
import { slotOf } from './marks/slots'
import type { StoredEvent } from './stored-event'

/**
 * What the outbox needs to know.
 * @internal
 */
export interface OutboxOptions {
  readonly state: StateStore
  /** This run of this process. */
  readonly owner: string
  /** Where events of a class are streamed to. */
  readonly addressesOf: (typeName: string) => readonly string[]
  /** Told which addresses may have something new to publish, and which events are known to be stored. */
  readonly wake: (addresses: readonly string[], events: readonly StoredEvent[]) => void
  readonly now: () => number
  /** Told when a timer that was set is due, in milliseconds since 1970. Default: nobody is. */
  readonly timerSet?: (dueAt: number) => void
}

/** When the store says that it stored each event, by id, in milliseconds since 1970. */
export type TimesIn<T> = (answer: T) => ReadonlyMap<string, number>

/**
 * Stored, therefore published: before events are stored, each has a durable mark for each address it goes to. Once they are
 * stored the relays are woken; whatever happens in between, the marks remain, and a relay finds out what became of the event.
 * @internal
 */
export class Outbox {
  /** Ids that are between their mark and the store's answer. */
  private readonly storing = new Set<string>()

  public constructor(private readonly options: OutboxOptions) {}

  /** Whether an event of this run is being stored at this moment. */
  public isStoring(id: string): boolean {
    return this.storing.has(id)
  }

  /** Whether events of a class are streamed anywhere. */
  public publishes(typeName: string): boolean {
    return this.options.addressesOf(typeName).length > 0
  }

  /** The marks of events, to be committed before the events are stored. */
  public marksFor(events: readonly StoredEvent[]): StateChange[] {
    return events.flatMap((event) =>
      this.options.addressesOf(event.typeName).map((address) => ({
        do: 'mark-pending' as const,
        mark: markOf(event, address, this.options.owner, this.options.now()),
      }))
    )
  }

  /**
   * Marks, stores, and wakes the relays, in this order; marks and events at once where the state can. Resolves and rejects as `store`
   * does; rejects with a `STORAGE_…` error, and stores nothing, when the marks cannot be written. Never waits for a broker. `timers`: what is set and
   * cancelled together with the events being stored; undone where they cannot be.
   */
  public async store<T>(
    events: readonly StoredEvent[],
    store: () => Promise<T>,
    timesIn?: TimesIn<T>,
    timers: readonly StateChange[] = []
  ): Promise<T> {
    const { state } = this.options
    const afterMark = async (): Promise<T> => {
      await failpoint('publish.after-mark')
      return store()
    }
    await failpoint('publish.before-mark')
    const changes = [...this.marksFor(events), ...timers]
    const result = await this.undoing(timers, () =>
      this.waking(events, (committed) => carry(state, changes, afterMark, committed), timesIn)
    )
    this.timersSet(timers)
    return result
  }

  /** The same for events whose marks are committed already, or are carried along by the caller. */
  public async storeMarked<T>(
    events: readonly StoredEvent[],
    store: () => Promise<T>,
    timesIn?: TimesIn<T>
  ): Promise<T> {
    return this.waking(events, (committed) => carry(this.options.state, [], store, committed), timesIn)
  }

  /** To be called when timers among these changes are set, or are about to be. */
  public timersSet(changes: readonly StateChange[]): void {
    const times = changes.flatMap((change) => (change.do === 'set-timer' ? [change.timer.dueAt] : []))
    if (times.length > 0) this.options.timerSet?.(Math.min(...times))
  }

  /** Where the state is apart from the events, timers are set first: they are as they were before where the events cannot be stored. */
  private async undoing<T>(timers: readonly StateChange[], work: () => Promise<T>): Promise<T> {
    const { state } = this.options
    if (state.carry || timers.length === 0) return work()
    const undo = (await Promise.all(timers.map((change) => undoOf(state, change)))).flat()
    try {
      return await work()
    } catch (error) {
      await state.commit(undo)
      throw error
    }
  }

  private async waking<T>(
    events: readonly StoredEvent[],
    store: (committed: (result: T) => void) => Promise<T>,
    timesIn?: TimesIn<T>
  ): Promise<T> {
    for (const { id } of events) this.storing.add(id)
    try {
      const result = await store((answer) => {
        this.wake(events, timesIn ? withTimes(events, timesIn(answer)) : events)
      })
      await failpoint('publish.after-store')
      return result
    } catch (error) {
      this.wake(events)
      throw error
    } finally {
      for (const { id } of events) this.storing.delete(id)
    }
  }

  private wake(events: readonly StoredEvent[], stored: readonly StoredEvent[] = []): void {
    const addresses = new Set(events.flatMap(({ typeName }) => this.options.addressesOf(typeName)))
    if (addresses.size > 0) this.options.wake([...addresses], stored)
  }
}

/** What has a timer be as it is now, unless it is set again meanwhile. */
async function undoOf(state: StateStore, change: StateChange): Promise<StateChange[]> {
  const of = change.do === 'set-timer' ? change.timer : change.do === 'cancel-timer' ? change : undefined
  if (!of) return []
  const before: Timer | undefined = await state.timer(of.handler, of.name)
  const cancel: StateChange = { do: 'cancel-timer', handler: of.handler, name: of.name, id: of.id }
  return [
    ...(change.do === 'set-timer' ? [cancel] : []),
    ...(before ? [{ do: 'set-timer', timer: before, ifNone: true } as const] : []),
  ]
}

/** Those of which the store says when it stored them. The others are read from it: an event's time is the same in every copy. */
function withTimes(events: readonly StoredEvent[], times: ReadonlyMap<string, number>): StoredEvent[] {
  return events.flatMap((event) => {
    const storedAt = times.get(event.id)
    return storedAt === undefined ? [] : [{ ...event, storedAt }]
  })
}

/** The mark of an event for an address; `markedAt`: milliseconds since 1970. */
export function markOf(event: StoredEvent, address: string, owner: string, markedAt: number): PendingMark {
  const { id, typeName, entityTypeName, entityId, context } = event
  const slot = slotOf(entityTypeName, entityId)
  return { address, id, typeName, entityTypeName, entityId, slot, markedAt, owner, context }
}
