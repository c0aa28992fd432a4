import { isAcknowledging, isDeclaring } from '@boostercloud/streamer-connector'
import type {
  ExternalEvent,
  StreamerConnector,
  StreamerConnectorPollingInterface,
  StreamerLogger,
} from '@boostercloud/streamer-connector'
import type { RecordedEvent } from '../format'
import { addressKey, partitionKey, partitionOf } from '../manifest'
import type { Cursor, LakeState } from '../manifest'
import type { OpenSegment, Settling } from './open-segment'
import { pauseAfter } from './backoff'
import { GapWatch } from './gaps/gap-watch'
import { lagOf } from './lag-of'
import { RecentIds } from './recent-ids'
import type { Identified } from './recent-ids'
import { toRecorded } from './to-recorded'
import type { ReadAt } from './to-recorded'

/** A poll that comes back empty sooner did not wait. Milliseconds. */
const QUICK_MS = 20
const IDLE_PAUSE_MS = 100

/** What a reader needs of the recorder. */
export interface ReaderSurroundings {
  readonly state: LakeState
  readonly log: StreamerLogger
  readonly stopped: AbortSignal
  /** The segment that takes what was read; resolves when there is one with room. */
  readonly roomy: () => Promise<OpenSegment>
  /** Events have come. */
  readonly added: () => void
  /** The broker hands out no more until something is settled. */
  readonly hurry: () => void
  readonly pause: (ms: number) => Promise<void>
  /** Resolves while the group is the lake's. */
  readonly owned: () => Promise<void>
}

/** Reads one address for the recorder. */
export class AddressReader implements Settling {
  public readonly address: string
  /** What the last poll failed with. */
  public failure?: unknown
  /** Events recorded in this run. */
  public recorded = 0
  /** Events that were read and are not recorded. */
  public unrecorded = 0
  /** What the broker deleted before it was read. */
  public readonly watch: GapWatch
  private cursor?: string
  private settled?: string
  private failures = 0
  private readonly isReceivers: boolean
  private readonly readAt: ReadAt
  private readonly read = new Map<string, number>()
  private readonly recent = new RecentIds()
  /** What a connector that declares nothing has handed out: it may hand that out again until it is settled. */
  private readonly handedOut?: RecentIds

  public constructor(
    private readonly connector: StreamerConnector & StreamerConnectorPollingInterface,
    private readonly at: { readonly streamer: string; readonly topic?: string },
    private readonly around: ReaderSurroundings
  ) {
    this.address = addressKey(at)
    const capabilities = isDeclaring(connector) ? connector.capabilities : undefined
    if (capabilities === undefined) this.handedOut = new RecentIds()
    this.isReceivers = capabilities?.position === 'receiver'
    this.readAt = { ...at, inOrder: capabilities?.places === true && capabilities.ordering !== 'none' }
    this.cursor = this.isReceivers ? around.state.cursorOf(at) : undefined
    this.watch = new GapWatch(connector, at, around.state)
  }

  /** Takes note of what the lake has, where nothing else tells that an event is in it. */
  public recall(event: Identified): void {
    this.recent.isNew(event)
  }

  /** Reads until it is stopped. */
  public async run(): Promise<void> {
    const { stopped, pause, log } = this.around
    while (!stopped.aborted) {
      try {
        await this.pass()
        this.failures = 0
        this.failure = undefined
      } catch (thrown) {
        if (stopped.aborted) return
        if (this.failures === 0)
          log.warn(`Polling '${this.address}' for the lake failed; it is tried again until it works.`, thrown)
        this.failures += 1
        this.failure = thrown
        await pause(pauseAfter(this.failures))
      }
    }
  }

  /** As {@link lagOf}. */
  public lag(): Promise<number | undefined> {
    return lagOf(this.connector, this.at.topic, this.cursor)
  }

  public cursorAt(cursor: string): Cursor | undefined {
    return this.isReceivers ? { ...this.at, cursor } : undefined
  }

  public async settle(eventId: string | undefined, count: number): Promise<void> {
    this.recorded += count
    this.unrecorded -= count
    if (this.isReceivers || eventId === undefined) return
    this.settled = eventId
    const { connector, around, at } = this
    if (!isAcknowledging(connector)) return
    await connector.acknowledge(eventId, at.topic).catch((error: unknown) => {
      around.log.warn(
        `What is recorded of '${this.address}' could not be acknowledged; it comes again and is not recorded again.`,
        error
      )
    })
  }

  private async pass(): Promise<void> {
    const { stopped, roomy, hurry, pause } = this.around
    await roomy()
    if (stopped.aborted) return
    await this.around.owned()
    if (this.watch.isFull) await this.watch.settle()
    const begun = performance.now()
    const polled = await this.connector.poll(this.at.topic, this.isReceivers ? this.cursor : this.settled)
    const { handedOut } = this
    const events = handedOut ? polled.filter(({ eventId: id }) => handedOut.isNew({ id })) : polled
    if (events.length > 0) return this.take(events)
    await this.look()
    if (performance.now() - begun >= QUICK_MS) return
    if (this.unrecorded > 0 && !this.isReceivers) hurry()
    await pause(IDLE_PAUSE_MS)
  }

  /** Nothing comes: something may have been deleted that nobody has read. Rejects as the broker does. */
  public async look(isLast = false): Promise<void> {
    if (!this.readAt.inOrder) return
    const cursor = this.unrecorded === 0 ? { at: this.cursor } : undefined
    await this.watch.look((partition) => this.read.get(partitionKey(partition)), cursor, isLast)
    if (this.watch.found.length > 0) this.around.added()
  }

  private async take(events: readonly ExternalEvent[]): Promise<void> {
    const segment = await this.around.roomy()
    const now = Date.now()
    let count = 0
    for (const event of events) {
      const row = toRecorded(event, this.readAt, now)
      const readFrom = this.readFrom(row)
      if (readFrom === undefined) continue
      segment.add(row, readFrom)
      count += 1
    }
    const eventId = events.reduce<string | undefined>((last, { eventId }) => eventId ?? last, undefined)
    this.unrecorded += count
    segment.mark(this, eventId, count)
    this.cursor = eventId ?? this.cursor
    this.around.added()
  }

  /** What was read of the partition before an event; null: nothing. Undefined where the event was read or recorded before. */
  private readFrom(event: RecordedEvent): number | null | undefined {
    const partition = partitionOf(event)
    const { position } = event
    if (partition === undefined || position === undefined) return this.recent.isNew(event) ? null : undefined
    const key = partitionKey(partition)
    const before = this.read.get(key) ?? this.around.state.lastOf(partition)
    if (before !== undefined && position <= before) return undefined
    this.read.set(key, position)
    this.watch.saw(partition, position, before, event)
    return before ?? null
  }
}
