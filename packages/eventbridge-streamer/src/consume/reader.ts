import { Signal, within, OnDemand } from '@boostercloud/streamer-connector'
import type { ExternalEvent, Revoked, StreamerError, StreamerLogger } from '@boostercloud/streamer-connector'
import { closed, errorFrom } from '../client'
import type { Queue } from '../client'
import type { EventBridgeStreamerSettings, Route } from '../options'
import { toExternalEvents } from '../wire'
import { Holding } from './holding'
import { Leases } from './leases'

/** What a reader needs to know. */
export interface ReaderOptions {
  readonly route: Route
  readonly settings: EventBridgeStreamerSettings
  readonly streamerId: string
  readonly log?: StreamerLogger
  /** Its queue, made and subscribed. */
  readonly open: () => Promise<Queue>
  /** Told of what was handed out and may come to others. */
  readonly onRevoked: (revoked: Revoked) => void
}

/** A queue, and what keeps its messages from others. */
interface Reading {
  readonly queue: Queue
  readonly leases: Leases
}

/** How long `close` lets a request end that waits for messages. SQS may have given it some already. */
const LAST_RECEIVE_MS = 3000
/** What SQS takes at most as the time to wait, in seconds. */
const LONGEST_WAIT = 20

/** Reads one topic: receives ahead, hands out, keeps what is unsettled from others, and deletes what is settled. */
export class Reader {
  /** Why it does not read at this moment. */
  public failure?: StreamerError
  /** When something came last, or when it began to read; milliseconds. */
  public movedAt = performance.now()
  private readonly holding = new Holding()
  private readonly ending = new AbortController()
  private untold?: StreamerError
  private readonly opening: OnDemand<Reading>
  private receiving?: Promise<void>
  private isClosed = false
  private readonly arrivals = new Signal()

  public constructor(private readonly options: ReaderOptions) {
    this.opening = new OnDemand<Reading>({
      open: () => this.open(),
      close: ({ leases }) => leases.close(),
      closed: () => closed(this.at),
    })
  }

  /** Where it reads. */
  public get route(): Route {
    return this.options.route
  }

  /** Its queue, once it is open. */
  public get source(): Queue | undefined {
    return this.opening.current?.queue
  }

  /** How many events it has handed out that are not settled. */
  public get unsettled(): number {
    return this.holding.unsettled
  }

  /** Whether it may read on. */
  public get hasRoom(): boolean {
    return this.holding.size < this.options.settings.prefetch
  }

  /**
   * The next events; waits a while for the first one. Resolves with none when the time is over or the reader is closed, and at once where nothing
   * more is fetched before something is settled, which only a later poll can say.
   */
  public async poll(lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    if (lastReceivedEventID !== undefined && this.holding.settle(lastReceivedEventID)) void this.leases?.delete()
    await this.opening.get()
    const deadline = performance.now() + this.options.settings.pollWaitMs
    while (!this.isClosed) {
      const events = await this.handOut()
      if (events.length > 0) return events
      this.tell()
      const leftMs = deadline - performance.now()
      if (leftMs <= 0 || !this.hasRoom) return []
      this.receive()
      await this.arrivals.next(leftMs)
    }
    return []
  }

  /** Settles, and resolves when what is settled is deleted. */
  public async acknowledge(lastReceivedEventID: string): Promise<void> {
    this.holding.settle(lastReceivedEventID)
    await this.leases?.delete()
    const left = this.holding.settled.length
    if (left > 0) throw errorFrom(this.leases?.failure ?? new Error(`${left} events are not deleted`), this.at)
  }

  /** Ends waiting polls, deletes what is settled, and gives back what is not. */
  public async close(): Promise<void> {
    this.isClosed = true
    this.arrivals.give()
    await within(LAST_RECEIVE_MS, this.receiving ?? Promise.resolve(), () => this.ending.abort())
    await this.opening.end()
  }

  private get leases(): Leases | undefined {
    return this.opening.current?.leases
  }

  private get at(): string {
    return `queue ${this.route.queue}`
  }

  private async open(): Promise<Reading> {
    try {
      const queue = await this.options.open()
      this.failure = undefined
      return { queue, leases: this.leasesOf(queue) }
    } catch (thrown) {
      this.failure = errorFrom(thrown, this.at)
      throw this.failure
    }
  }

  private leasesOf(queue: Queue): Leases {
    const { settings, log, onRevoked } = this.options
    const { topic } = this.route
    return new Leases({
      queue,
      holding: this.holding,
      visibilitySeconds: settings.visibilitySeconds,
      onLost: (eventIds) => {
        log?.warn(
          `${eventIds.length} events of '${topic}' could not be hidden from other readers. SQS delivers them again.`
        )
        onRevoked({ topic, eventIds })
      },
    })
  }

  private async handOut(): Promise<ExternalEvent[]> {
    const taken = this.holding.next(this.options.settings.pollBatch)
    if (taken.length === 0) return []
    const deliveries = taken.map(({ text, attributes }) => ({ text, attributes, eventId: '' }))
    const events = await toExternalEvents(deliveries, this.options)
    if (this.isClosed) return []
    const ids = this.holding.handOut(taken)
    return events.flatMap((event, index) => {
      const eventId = ids[index]
      return eventId === undefined ? [] : [{ ...event, eventId }]
    })
  }

  /** Receives until nothing comes or there is enough, unless that is under way: a poll that has ended leaves it to the next. */
  private receive(): void {
    if (!this.hasRoom) return
    this.receiving ??= this.receiveAll()
      .then(() => (this.failure = undefined))
      .catch((thrown: unknown) => (this.failure = this.untold = errorFrom(thrown, this.at)))
      .then(() => {
        this.receiving = undefined
        this.arrivals.give()
      })
  }

  private async receiveAll(): Promise<void> {
    const { pollWaitMs, pollBatch, visibilitySeconds } = this.options.settings
    const waitSeconds = Math.min(LONGEST_WAIT, Math.max(1, Math.ceil(pollWaitMs / 1000)))
    const { queue, leases } = await this.opening.get()
    let count = 0
    do {
      const messages = await queue.receive(waitSeconds, visibilitySeconds, this.ending.signal)
      const until = performance.now() + visibilitySeconds * 1000
      count = messages.length
      for (const message of messages) this.holding.add(message, until)
      leases.watch()
      if (count > 0) this.movedAt = performance.now()
      this.arrivals.give()
    } while (count > 0 && !this.isClosed && this.hasRoom && this.holding.readAhead < pollBatch)
  }

  /** Whoever polls learns of a failure once; the next poll tries again. */
  private tell(): void {
    const { untold } = this
    this.untold = undefined
    if (untold !== undefined) throw untold
  }
}
