import { failpoint, parseAddress, WakeUp } from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import type { EventContext, PendingMark, StateChange, StateStore } from '../state'
import { TroublesAt, askStreamer, delayAfter, evenNow } from '../timing'
import type { Backoff } from '../timing'
import { marksBeyond } from './marks/marks-beyond'
import type { PlacedMark } from './marks/marks-beyond'
import type { RecentEvents } from './marks/recent-events'
import { readPage } from './marks/read-page'
import { publishable, unconfirmed } from './send'
import { sortMarks, upToKnown } from './marks/sort-marks'
import type { Absence, ReadyMark, SortedMarks } from './marks/sort-marks'
import type { StoredEvent } from './stored-event'

/**
 * What a relay needs to know.
 * @internal
 */
export interface RelayOptions {
  /** Where to, with its topic. */
  readonly address: string
  readonly connector: StreamerConnector
  readonly state: StateStore
  readonly events: RecentEvents
  /** The app's name: CloudEvents `source`. */
  readonly source: string
  /** Whether the event of a mark that is not in the store may yet appear there. */
  readonly absenceOf: (mark: PendingMark) => Absence
  readonly log: StreamerLogger
  readonly observe?: RelayObserver
  /** The slots whose entities are this relay's at this moment; absent: all of them. */
  readonly slots?: () => Promise<readonly number[]>
  /** Milliseconds until a relay that has nothing to do looks by itself. */
  readonly idleMs: number
  /** Events sent at once. */
  readonly batch: number
  readonly backoff: Backoff
}

/** Told what a relay does. */
export interface RelayObserver {
  /** Events are about to be sent. Answers what each of them hands on, at its mark's place, and whom to tell how it went. */
  sending(address: string, marks: readonly PendingMark[]): Sending
  /** The broker has confirmed so many, and their marks are gone. */
  published(address: string, count: number): void
  /** The streamer will never take so many. */
  refused(address: string, count: number): void
}

/** Events between the relay and the broker's answer. */
export interface Sending {
  readonly contexts: readonly EventContext[]
  /** To be called once. */
  readonly done: (error?: unknown) => void
}

/** How a relay is at one moment. */
export interface RelayReport {
  /** With its topic. */
  readonly address: string
  /** Whether its last try succeeded. */
  readonly publishes: boolean
  /** When it was started or last had something confirmed, in milliseconds since 1970. */
  readonly lastProgressAt: number
}

/** Milliseconds until marks whose events are being stored are looked at again, should the wake-up not come. */
const STORING_MS = 100

/**
 * Store → broker, for one address: publishes what is pending in the order in which it was marked, one batch at a time, and removes
 * the marks once the broker has confirmed. An outage is waited out; what the streamer refuses for good keeps its mark, with
 * the reason, and lets the others pass.
 * @internal
 */
export class Relay {
  private readonly wakeUp = new WakeUp()
  private running?: Promise<void>
  private stopping = false
  private readonly troubles: TroublesAt
  private failures = 0
  private lastProgressAt = evenNow()
  /** What the last look found in the store and did not publish. */
  private seen: ReadonlyMap<string, StoredEvent> = new Map()

  /** Events that were found only by looking through all of their entity. */
  private readonly foundLate = new Map<string, StoredEvent>()

  public constructor(private readonly options: RelayOptions) {
    this.troubles = new TroublesAt(options.address, `publishing to ${options.address}`, options.log)
  }

  /** Something may have become pending. */
  public wake(): void {
    if (this.failures === 0) this.wakeUp.wake()
  }

  /** Sweeps what is pending already, then follows. Returns at once. */
  public start(): void {
    this.running ??= this.run()
  }

  /**
   * Publishes what is pending, and ends when nothing more can be published now or `stopped` says so: for a process that runs only while it is
   * called. Rejects where the broker or the state fails; what is pending then is kept.
   */
  public async sweep(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted && (await this.pass()) === 0) continue
  }

  /** Whether the last try succeeded. */
  public get healthy(): boolean {
    return this.failures === 0
  }

  /** How it is at this moment. */
  public report(): RelayReport {
    return { address: this.options.address, publishes: this.healthy, lastProgressAt: this.lastProgressAt }
  }

  /** Ends after the batch that is under way. */
  public async stop(): Promise<void> {
    this.stopping = true
    this.wakeUp.wake()
    await this.running
    this.troubles.left()
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      let pauseMs: number
      try {
        pauseMs = await this.pass()
        this.failures = 0
        this.troubles.worked()
      } catch (error) {
        this.failures += 1
        pauseMs = delayAfter(this.failures, this.options.backoff, Math.random())
        this.troubles.failed(
          `Publishing to '${this.options.address}' failed. Pending events are kept, and tried again until it works.`,
          error
        )
      }
      if (pauseMs > 0 && !this.stopping) await this.wakeUp.sleep(pauseMs)
    }
  }

  /** One batch. Answers how long to sleep, unless woken. */
  private async pass(): Promise<number> {
    const { address, batch, events, idleMs, state } = this.options
    const slots = await this.options.slots?.()
    const held = new Set<string>()
    let after: number | undefined
    let waiting = 0
    for (;;) {
      const { moment } = events
      const pending: PlacedMark[] = await state.pendingMarks(address, { limit: batch, after, slots })
      if (pending.length === 0) return waiting > 0 ? STORING_MS : idleMs
      const { marks, found } = await readPage(pending, (some) => this.find(some))
      const isLast = marks.length < batch && marks.length === pending.length
      const sorted = await this.sort(marks, found, { slots, held, isLast })
      if (sorted.orphaned.length > 0) waiting += await this.dropOrphans(sorted.orphaned)
      const ready = this.certain(sorted.ready, marks, moment)
      if (ready.length > 0) await this.publish(ready)
      if (sorted.ready.length > 0) return 0
      waiting += sorted.waiting.length
      after = marks[marks.length - 1].place
    }
  }

  /** Those of a page before which nothing can come any more; what is seen is remembered for the next look where that matters. */
  private certain(ready: readonly ReadyMark[], marks: readonly PlacedMark[], moment: number): readonly ReadyMark[] {
    if (this.isInStoredOrder) return ready
    const { seen } = this
    const page = new Set(marks.map(({ id }) => id))
    this.seen = new Map(ready.map(({ event }) => [event.id, event]))
    return upToKnown(ready, ({ id }) => page.has(id) && (seen.has(id) || this.options.events.has(id, moment)))
  }

  /** Marks with their events, and with those behind them that may belong before one of them. */
  private async sort(
    marks: readonly PlacedMark[],
    found: ReadonlyMap<string, StoredEvent>,
    { slots, held, isLast }: { slots?: readonly number[]; held: Set<string>; isLast: boolean }
  ): Promise<SortedMarks> {
    const { address, state, absenceOf } = this.options
    if (isLast || this.isInStoredOrder) return sortMarks(marks, found, absenceOf, held)
    const beyond = await marksBeyond({ state, address, slots }, marks, found)
    const all = new Map([...found, ...(await this.find(beyond))])
    return sortMarks([...marks, ...beyond], all, absenceOf, held)
  }

  /** Where marks and events are written in one transaction, no event was stored before one whose mark comes first. */
  private get isInStoredOrder(): boolean {
    return this.options.state.carry !== undefined
  }

  private async find(marks: readonly PendingMark[]): Promise<Map<string, StoredEvent>> {
    const found = new Map<string, StoredEvent>()
    const unseen: PendingMark[] = []
    for (const mark of marks) {
      const event = this.seen.get(mark.id) ?? this.foundLate.get(mark.id)
      if (event) found.set(mark.id, event)
      else unseen.push(mark)
    }
    if (unseen.length > 0) for (const [id, event] of await this.options.events.find(unseen)) found.set(id, event)
    return found
  }

  private async publish(ready: readonly ReadyMark[]): Promise<void> {
    const { connector, address, source, observe } = this.options
    const sending = observe?.sending(
      address,
      ready.map(({ mark }) => mark)
    )
    const events = ready.map(({ mark, event }, index) =>
      publishable(event, source, sending?.contexts[index] ?? mark.context, mark.markedAt)
    )
    try {
      await failpoint('publish.before-send')
      await askStreamer(() => connector.publish(events, parseAddress(address).topic))
      await failpoint('publish.after-send')
      sending?.done()
    } catch (error) {
      sending?.done(error)
      await this.afterFailure(ready, error)
      return
    }
    await this.confirm(ready)
  }

  private async confirm(ready: readonly ReadyMark[]): Promise<void> {
    if (ready.length === 0) return
    const ids = ready.map(({ mark }) => mark.id)
    await this.options.state.commit([{ do: 'unmark', address: this.options.address, ids }])
    await failpoint('publish.after-unmark')
    this.options.events.forget(ids)
    for (const id of ids) this.foundLate.delete(id)
    this.lastProgressAt = evenNow()
    this.options.observe?.published(this.options.address, ready.length)
  }

  /** Confirms what was published, refuses what never will be, and throws if anything is to be tried again. */
  private async afterFailure(ready: readonly ReadyMark[], error: unknown): Promise<void> {
    const left = unconfirmed(error, ready.length)
    if (!left) {
      for (const one of ready) await this.publish([one])
      return
    }
    const unsent = new Set([...left.failed, ...left.refused].map(({ index }) => index))
    await this.confirm(ready.filter((_, index) => !unsent.has(index)))
    await this.refuse(left.refused.map(({ index, error: cause }) => ({ mark: ready[index].mark, error: cause })))
    if (left.failed.length > 0) throw error
  }

  private async refuse(refused: readonly { mark: PendingMark; error: Error }[]): Promise<void> {
    if (refused.length === 0) return
    const { address, state, log } = this.options
    const changes = refused.map(({ mark, error }): StateChange => ({
      do: 'refuse',
      address,
      id: mark.id,
      cause: error.message,
    }))
    await state.commit(changes)
    this.options.observe?.refused(address, refused.length)
    for (const { mark, error } of refused) {
      log.error(
        `'${address}' permanently refuses ${mark.typeName} ${mark.id}. It stays in the event store, unpublished.`,
        error
      )
    }
  }

  /** Answers how many are in the store after all: by a clock that was wrong, an event can be older there than its mark. */
  private async dropOrphans(marks: readonly PendingMark[]): Promise<number> {
    const { address, state, log, events } = this.options
    const stored = await events.find(marks.map((mark) => ({ ...mark, markedAt: 0 })))
    for (const [id, event] of stored) this.foundLate.set(id, event)
    const orphaned = marks.filter(({ id }) => !stored.has(id))
    if (orphaned.length === 0) return stored.size
    await state.commit(orphaned.map(({ id, owner }) => ({ do: 'unmark', address, ids: [id], owner })))
    log.info(`${orphaned.length} events for '${address}' were announced but never stored. Their marks are removed.`)
    return stored.size
  }
}
