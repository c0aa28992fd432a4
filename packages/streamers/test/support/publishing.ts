import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { ExternalEvent, StreamerConnector } from '@boostercloud/streamer-connector'
import { Outbox, RecentEvents, Relay } from '../../src/publish'
import type { StoredEvent } from '../../src/publish'
import { openEmbeddedState } from '../../src/state'
import type { PendingMark, StateStore } from '../../src/state'
import { eventually } from './eventually'
import { inTempFolder } from './temp-folder'

const ADDRESS = 'log/posts'
const BACKOFF = { firstDelayMs: 2, factor: 2, maxDelayMs: 20, jitter: 0 }

/** How often the event store was read, for how many events in all, and for how many at once. */
interface ReadCount {
  reads: number
  marks: number
  most: number
}

/** A service's publishing side on a real log and a real state; its event store is a map. */
export class Publishing {
  public readonly store = new Map<string, StoredEvent>()
  public readonly warnings: string[] = []
  /** What happens between a look at the marks and the look at their events. */
  public meanwhile?: () => Promise<void>
  /** Whether the store looks as far back as the event of a mark is. */
  public isLookedFor: (mark: PendingMark) => boolean = () => true
  private readonly relays: Relay[] = []
  private readonly recent: RecentEvents
  public readonly outbox: Outbox

  private constructor(
    public readonly state: StateStore,
    public readonly log: LocalStreamer,
    readCount: ReadCount
  ) {
    const source = {
      find: async (marks: readonly PendingMark[]) => {
        readCount.reads += 1
        readCount.marks += marks.length
        readCount.most = Math.max(readCount.most, marks.length)
        const { meanwhile } = this
        this.meanwhile = undefined
        await meanwhile?.()
        return new Map(
          marks.flatMap((mark): [string, StoredEvent][] => {
            const event = this.store.get(mark.id)
            return event && this.isLookedFor(mark) ? [[mark.id, event]] : []
          })
        )
      },
    }
    this.recent = new RecentEvents(source, 100)
    this.outbox = new Outbox({
      state,
      owner: 'me',
      addressesOf: () => [ADDRESS],
      wake: (_, events) => {
        this.recent.add(events)
        this.relays.forEach((relay) => relay.wake())
      },
      now: Date.now,
    })
  }

  public static async run(test: (side: Publishing, readCount: ReadCount) => Promise<void>): Promise<void> {
    await inTempFolder(async (folder) => {
      const state = await openEmbeddedState(join(folder, 'state'))
      const log = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50 })
      const readCount = { reads: 0, marks: 0, most: 0 }
      const side = new Publishing(state, log, readCount)
      try {
        await test(side, readCount)
      } finally {
        await Promise.all(side.relays.map((relay) => relay.stop()))
        await log.close()
        await state.close()
      }
    })
  }

  public event(id: string, entityId = 'p'): StoredEvent {
    const value = { text: id, entityID: () => entityId as never }
    return { id, typeName: 'Post', version: 1, entityTypeName: 'E', entityId, key: entityId, value, context: {} }
  }

  /** Stores events as the app's provider would. */
  public async storeAll(events: readonly StoredEvent[], fails = false): Promise<void> {
    await this.outbox.store(events, async () => {
      if (fails) throw new Error('the event store is away')
      for (const event of events) this.store.set(event.id, event)
    })
  }

  /** The same for a store that says when it stored them; `between` is waited for before each but the first. */
  public async storeAt(times: Readonly<Record<string, number>>, between?: () => Promise<void>): Promise<void> {
    const events = Object.keys(times).map((id) => this.event(id))
    const store = async (): Promise<void> => {
      for (const [index, event] of events.entries()) {
        if (index > 0) await between?.()
        this.store.set(event.id, { ...event, storedAt: times[event.id] })
      }
    }
    await this.outbox.store(events, store, () => new Map(Object.entries(times)))
  }

  public relay(connector: Pick<StreamerConnector, 'publish'> = this.log, gone = true, batch = 10): Relay {
    const relay = this.sweeper(connector, gone, batch)
    this.relays.push(relay)
    relay.start()
    return relay
  }

  /** A relay that is not started. */
  public sweeper(connector: Pick<StreamerConnector, 'publish'> = this.log, gone = true, batch = 10): Relay {
    return new Relay({
      address: ADDRESS,
      connector: connector as StreamerConnector,
      state: this.state,
      events: this.recent,
      source: 'app',
      absenceOf: ({ id }) => (this.outbox.isStoring(id) || !gone ? 'waiting' : 'orphaned'),
      log: {
        debug: () => undefined,
        info: () => undefined,
        warn: (message) => this.warnings.push(message),
        error: (message) => this.warnings.push(message),
      },
      idleMs: 1_000,
      batch,
      backoff: BACKOFF,
    })
  }

  public async published(count: number): Promise<ExternalEvent[]> {
    const events: ExternalEvent[] = []
    await eventually(
      async () => {
        events.push(...(await this.log.poll('posts', events[events.length - 1]?.eventId)))
        return events.length >= count
      },
      () => events.map(({ metadata }) => metadata?.id)
    )
    return events
  }
}
