import { failpoint, isAcknowledging, isRevoking, parseAddress } from '@boostercloud/streamer-connector'
import type {
  ExternalEvent,
  Revoked,
  StreamerConnectorPollingInterface,
  StreamerFacts,
  StreamerLogger,
} from '@boostercloud/streamer-connector'
import type { ClaimRequest, StateStore } from '../state'
import { Limiter, WakeUp, delayAfter } from '../timing'
import { Attempts, Stopped } from './attempt'
import type { Claimant } from './attempt'
import { dispatch } from './dispatch'
import type { Effects } from './effects'
import type { InFlight } from './in-flight'
import { deadLetterOf } from './dead-letter'
import { identityOf } from './identity'
import { claimRequest } from './delivery'
import type { Delivery } from './delivery'
import type { LaneObserver } from './lane'
import { KeptPosition } from './kept-position'
import { Lanes } from './lanes'
import type { Link } from './link'
import { Progress } from './progress'
import type { ReceiverReport } from './progress'
import { RepeatFilter } from './repeat-filter'
import { SettledMark } from './settled-mark'

/** What a receiver needs to know. */
export interface ReceiverOptions extends Claimant {
  /** From where, with its topic. */
  readonly address: string
  readonly connector: StreamerConnectorPollingInterface
  /** Undefined for a connector that declares nothing. */
  readonly facts?: StreamerFacts
  readonly links: readonly Link[]
  /** Under what the position is kept; the address by default. */
  readonly positionName?: string
  /** Asked where to begin when there is no position yet; undefined: at the first event. */
  readonly startPosition?: () => Promise<string | undefined>
  readonly state: StateStore
  readonly effects: Effects
  readonly log: StreamerLogger
  readonly observe: ReceiverObserver
  /** Shared by all receivers of a service. */
  readonly inFlight: InFlight
  /** Keys handled at once. */
  readonly concurrency: number
  /** Events handed out and not settled, beyond which nothing more is polled. */
  readonly maxUnsettled: number
}

/** Told what becomes of events. */
export interface ReceiverObserver extends LaneObserver {
  /** A poll has brought so many events. */
  received(address: string, count: number): void
  /** No handler's link names this event's type: it is settled. */
  ignored(address: string, event: ExternalEvent): void
  /** An event that can be given to nobody became a dead letter. */
  refused(address: string, event: ExternalEvent, error: Error): void
}

const POLL_BACKOFF = { firstDelayMs: 100, factor: 2, maxDelayMs: 10_000, jitter: 0.3 }
/** A poll that comes back empty sooner did not wait; then the receiver does. Milliseconds. */
const QUICK_POLL_MS = 20
const IDLE_PAUSE_MS = 100
/** Milliseconds after which a full receiver looks again, should no wake-up come. */
const FULL_PAUSE_MS = 1_000

/**
 * Broker → handlers, for one address. Polls, hands each event to its links, and goes on polling while handlers run, up to a bound.
 * What it hands back to the connector, and keeps as its position, is settled: outcome stored, parked, or dead letter written.
 */
export class Receiver {
  private readonly settledMark = new SettledMark(() => this.wakeUp.wake())
  private readonly wakeUp = new WakeUp()
  private readonly stopping = new AbortController()
  private readonly attempts: Attempts
  private readonly lanes: Lanes
  private readonly repeats = new RepeatFilter()
  private readonly progress = new Progress()
  private pollingSince?: number
  private readonly topic?: string
  private running?: Promise<void>
  private cursor?: string
  /** Undefined where the broker keeps it. */
  private readonly position?: KeptPosition
  private failures = 0
  private endRevocations = (): void => undefined

  public constructor(private readonly options: ReceiverOptions) {
    const { address, state, effects, log, observe, concurrency } = options
    this.topic = parseAddress(address).topic
    this.attempts = new Attempts(state, effects, options, log, this.stopping.signal)
    const { settledMark, attempts } = this
    if (options.facts?.position === 'receiver') {
      const name = options.positionName ?? address
      this.position = new KeptPosition({ name, settledMark, attempts, log, stopped: this.stopping.signal })
    }
    this.lanes = new Lanes({
      state,
      attempts: this.attempts,
      limiter: new Limiter(concurrency),
      log,
      stopped: this.stopping.signal,
      observe,
    })
  }

  /** Takes up what is parked, then polls from where it left off. Resolves when it does; rejects when the state cannot be read. */
  public async start(): Promise<void> {
    const { state, startPosition } = this.options
    this.cursor = await this.position?.begin(state, startPosition)
    await this.refresh()
    const { connector } = this.options
    if (isRevoking(connector)) this.endRevocations = connector.onRevoked((revoked) => this.withdraw(revoked))
    this.running = this.run()
  }

  /** Takes note of what was changed in the state from outside: dead letters to be tried again, links paused or resumed. */
  public async refresh(): Promise<void> {
    const { state, address, links } = this.options
    const paused = (await state.pausedLinks()).filter((link) => link.address === address)
    this.lanes.load(await state.parkedLanes(address), links, new Set(paused.map(({ handler }) => handler)))
  }

  /** Whether the last poll succeeded. */
  public get healthy(): boolean {
    return this.failures === 0
  }

  /** Events handed out and not settled. */
  public get unsettled(): number {
    return this.settledMark.unsettled
  }

  /** How it is at this moment, for each of its links. */
  public report(): ReceiverReport {
    const { address, links } = this.options
    const handlers = [...new Set(links.map(({ handler }) => handler))]
    return {
      address,
      polls: this.healthy,
      pollingSince: this.pollingSince,
      links: handlers.map((handler) => this.progress.of(handler)),
    }
  }

  /** Polls no more; handlers that run may finish. Resolves when they have and their settled mark is acknowledged. */
  public async stop(): Promise<void> {
    this.stopping.abort()
    this.wakeUp.wake()
    await this.running
    await this.lanes.quiet()
    this.endRevocations()
    await this.abandon()
    await this.position
      ?.follow()
      .catch((error: unknown) =>
        this.options.log.warn(
          `The position of '${this.options.address}' could not be kept; its last events come again and are not handled again.`,
          error
        )
      )
    const { connector, log, address } = this.options
    const { mark } = this.settledMark
    if (mark === undefined || !isAcknowledging(connector)) return
    await connector.acknowledge(mark, this.topic).catch((error: unknown) => {
      log.warn(
        `The last settled events of '${address}' could not be acknowledged; they come again and are not handled again.`,
        error
      )
    })
  }

  /** What was claimed and not begun is given back, so that another process need not wait until the claim is over. */
  private async abandon(): Promise<void> {
    const { inFlight, log, address } = this.options
    const requests = [...this.progress.requests]
    for (const request of requests) inFlight.abandon(request)
    await this.giveBack(requests).catch((error: unknown) =>
      log.warn(`The claims of '${address}' could not be given back; they pass to others when they are over.`, error)
    )
  }

  /** What another reader is given now, and no handler here has begun with, is left to it. */
  private withdraw({ topic, eventIds }: Revoked): void {
    const ids: ReadonlySet<string | undefined> = new Set(eventIds)
    const withdrawn = this.lanes.withdraw(({ event }) => event.streamerTopic === topic && ids.has(event.eventId))
    for (const { settled } of withdrawn) settled()
    this.giveBack(withdrawn.map(claimRequest)).catch((error: unknown) => {
      if (!(error instanceof Stopped))
        this.options.log.warn(`Claims of '${this.options.address}' are not given back.`, error)
    })
  }

  private async giveBack(requests: readonly ClaimRequest[]): Promise<void> {
    await this.attempts.commit(requests.map((request) => this.attempts.release(request)))
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.pass()
        this.failures = 0
      } catch (error) {
        if (error instanceof Stopped) return
        this.failures += 1
        const pauseMs = delayAfter(this.failures, POLL_BACKOFF, Math.random())
        this.options.log.warn(
          `Polling '${this.options.address}' failed ${this.failures} times in a row; trying again in ${pauseMs} ms.`,
          error
        )
        await this.pause(pauseMs)
      }
    }
  }

  /** Waits for room, polls once, and hands out. */
  private async pass(): Promise<void> {
    const { address, facts, maxUnsettled, observe } = this.options
    const room = facts ? maxUnsettled : 1
    while (this.settledMark.unsettled >= room) {
      await this.wakeUp.sleep(FULL_PAUSE_MS)
      if (this.stopping.signal.aborted) return
    }
    const begun = Date.now()
    const polled = await this.poll()
    const events = facts ? polled : this.repeats.fresh(polled)
    if (events.length > 0) observe.received(address, events.length)
    if (events.length === 0) {
      if (Date.now() - begun < QUICK_POLL_MS) await this.pause(IDLE_PAUSE_MS)
      return
    }
    await this.handOut(events)
    this.cursor = events[events.length - 1].eventId ?? this.cursor
  }

  private async poll(): Promise<ExternalEvent[]> {
    const { connector, facts } = this.options
    this.pollingSince = Date.now()
    try {
      return await connector.poll(this.topic, facts?.position === 'receiver' ? this.cursor : this.settledMark.mark)
    } finally {
      this.pollingSince = undefined
    }
  }

  /** Resolves when every event is in its lanes, or durably set aside where it concerns none. */
  private async handOut(events: readonly ExternalEvent[]): Promise<void> {
    const deliveries: Delivery[] = []
    for (const event of events) deliveries.push(...(await this.deliveriesOf(event)))
    const toClaim = deliveries.filter((delivery) => !this.lanes.isParked(delivery))
    const at = Date.now()
    const claims = await this.attempts.claim(toClaim.map(claimRequest))
    await failpoint('receive.after-claim')
    const claimed = new Map(toClaim.map((delivery, index) => [delivery, { claim: claims[index], at }]))
    for (const delivery of deliveries) this.lanes.accept({ ...delivery, claimed: claimed.get(delivery) })
  }

  private async deliveriesOf(polled: ExternalEvent): Promise<Delivery[]> {
    const { address, facts, links, observe, inFlight } = this.options
    const { streamerId, topic } = parseAddress(address)
    const event: ExternalEvent = { ...polled, streamerId, streamerTopic: polled.streamerTopic ?? topic }
    const entry = this.settledMark.handOut(event.eventId)
    const settle = (): void => {
      this.settledMark.settle(entry)
      this.position?.followSoon()
    }
    const identity = identityOf(event, address, facts?.position === 'receiver')
    const { links: concerned, refused } = dispatch(event, links)
    if (refused) {
      await this.attempts.commit([{ do: 'park', event: deadLetterOf(event, address, identity, refused) }])
      observe.refused(address, event, refused)
    } else if (concerned.length === 0) observe.ignored(address, event)
    if (concerned.length === 0) settle()
    let open = concerned.length
    const settled = (): void => {
      open -= 1
      if (open === 0) settle()
    }
    return concerned.flatMap((link) => {
      const request = claimRequest({ link, identity, event })
      const begun = inFlight.begin(request, settled)
      if (!begun) return []
      this.progress.begin(request)
      const done = (): void => {
        this.progress.settle(request)
        begun()
      }
      return [{ link, event, identity, settled: done }]
    })
  }

  private async pause(ms: number): Promise<void> {
    if (!this.stopping.signal.aborted) await this.wakeUp.sleep(ms)
  }
}
