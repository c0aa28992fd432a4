import { isAcknowledging, isRevoking, parseAddress, WakeUp } from '@boostercloud/streamer-connector'
import type {
  ExternalEvent,
  Revoked,
  StreamerConnectorPollingInterface,
  StreamerCapabilities,
} from '@boostercloud/streamer-connector'
import { TroublesAt, askStreamer, delayAfter, evenNow, troubleWithState } from '../timing'
import { Stopped } from './stopped'
import { HandOut } from './hand-out'
import type { HandOutObserver, HandOutOptions } from './hand-out'
import { KeptPosition } from './kept-position'
import type { ReceiverReport } from './progress'
import { RepeatFilter } from './repeat-filter'
import { SettledMark } from './settled-mark'

/**
 * What a receiver needs to know.
 * @internal
 */
export interface ReceiverOptions extends HandOutOptions {
  readonly connector: StreamerConnectorPollingInterface
  /** Undefined for a connector that declares nothing. */
  readonly capabilities?: StreamerCapabilities
  /** Under what the position is kept; the address by default. */
  readonly positionName?: string
  /** Asked where to begin when there is no position yet; undefined: at the first event. */
  readonly startPosition?: () => Promise<string | undefined>
  /** Asked before each poll; while it rejects, nothing is polled. */
  readonly mayPoll?: () => Promise<void>
  readonly observe: ReceiverObserver
  /** Events handed out and not settled, beyond which nothing more is polled; nor beyond ten times as many that are not behind the mark. */
  readonly maxUnsettled: number
}

/**
 * Told what becomes of events.
 * @internal
 */
export interface ReceiverObserver extends HandOutObserver {
  /** A poll has brought so many events. */
  received(address: string, count: number): void
  /** A poll has brought nothing. */
  foundNothing?(address: string): void
}

const POLL_BACKOFF = { firstDelayMs: 100, factor: 2, maxDelayMs: 10_000, jitter: 0.3 }
/** A poll that comes back empty sooner did not wait; then the receiver does. Milliseconds. */
const QUICK_POLL_MS = 20
const IDLE_PAUSE_MS = 100
/** Settled events are kept in mind while one before them is not: up to so many times as many as may be unsettled. */
const BEHIND_TIMES = 10
/** Milliseconds after which a full receiver looks again, should no wake-up come. */
const FULL_PAUSE_MS = 1_000

/**
 * Broker → handlers, for one address. Polls, hands each event to its links, and goes on polling while handlers run, up to a bound.
 * What it hands back to the connector, and keeps as its position, is settled: outcome stored, parked, or dead letter written.
 * @internal
 */
export class Receiver {
  private readonly settledMark = new SettledMark(() => this.wakeUp.wake())
  private readonly wakeUp = new WakeUp()
  private readonly stopping = new AbortController()
  private readonly out: HandOut
  private readonly repeats = new RepeatFilter()
  private pollingSince?: number
  private readonly topic?: string
  private running?: Promise<void>
  private cursor?: string
  /** Undefined where the broker keeps it. */
  private readonly position?: KeptPosition
  private failures = 0
  private readonly troubles: TroublesAt
  /** What a poll has brought and nobody was given yet. */
  private arrived?: readonly ExternalEvent[]
  private endRevocations = (): void => undefined

  public constructor(private readonly options: ReceiverOptions) {
    const { address, capabilities, log } = options
    this.topic = parseAddress(address).topic
    this.troubles = new TroublesAt(address, `polling ${address}`, log)
    const { settledMark } = this
    const stopped = this.stopping.signal
    const isKept = capabilities?.position === 'receiver'
    const waitAtMost = Math.floor(options.maxUnsettled / 2)
    this.out = new HandOut({ ...options, waitAtMost }, settledMark, isKept, stopped)
    if (!isKept) return
    const name = options.positionName ?? address
    this.position = new KeptPosition({ name, settledMark, attempts: this.out.attempts, log, stopped })
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
    await this.out.refresh()
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
    const { address, links, concurrency } = this.options
    const handlers = [...new Set(links.map(({ handler }) => handler))]
    const running = this.out.attempts.runs.now
    return {
      address,
      polls: this.healthy,
      pollingSince: this.pollingSince,
      links: handlers.map((handler) => this.out.progress.of(handler, running)),
      slots: concurrency,
    }
  }

  /** Polls no more; handlers that run may finish. Resolves when they have and their settled mark is acknowledged. */
  public async stop(): Promise<void> {
    this.stopping.abort()
    this.wakeUp.wake()
    await this.running
    await this.out.quiet()
    this.endRevocations()
    await this.out.abandon()
    this.troubles.left()
    for (const { handler } of this.options.links) troubleWithState(this.options.log).left(handler)
    await this.position
      ?.follow()
      .catch((error: unknown) =>
        this.options.log.warn(
          `The position of '${this.options.address}' could not be stored. Its last events are delivered again, but not handled again.`,
          error
        )
      )
    const { connector, log, address } = this.options
    const { mark } = this.settledMark
    if (mark === undefined || !isAcknowledging(connector)) return
    await connector.acknowledge(mark, this.topic).catch((error: unknown) => {
      log.warn(
        `The last settled events of '${address}' could not be acknowledged. They are delivered again, but not handled again.`,
        error
      )
    })
  }

  /** Gives up on what still runs, since the process ends: it stays unsettled, and that is not held against its event. Never rejects. */
  public async leave(): Promise<void> {
    await this.out.abandon()
  }

  /** What another reader is given now, and no handler here has begun with, is left to it. */
  private withdraw({ topic, eventIds }: Revoked): void {
    const ids: ReadonlySet<string | undefined> = new Set(eventIds)
    const isRevoked = ({ streamerTopic, eventId }: ExternalEvent): boolean =>
      streamerTopic === topic && ids.has(eventId)
    this.arrived = this.arrived?.filter((event) => !isRevoked(event))
    this.out.withdraw(isRevoked).catch((error: unknown) => {
      if (!(error instanceof Stopped))
        this.options.log.warn(`Claims of '${this.options.address}' are not released.`, error)
    })
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.pass()
        this.failures = 0
        this.troubles.worked()
      } catch (error) {
        if (error instanceof Stopped) return
        this.failures += 1
        const pauseMs = delayAfter(this.failures, POLL_BACKOFF, Math.random())
        this.troubles.failed(`Polling '${this.options.address}' failed. It is tried again until it works.`, error)
        await this.pause(pauseMs)
      }
    }
  }

  /** Waits for room, polls once, and hands out. */
  private async pass(): Promise<void> {
    const { address, capabilities, observe } = this.options
    while (this.isFull) {
      await this.wakeUp.sleep(FULL_PAUSE_MS)
      if (this.stopping.signal.aborted) return
      this.out.makeRoom()
    }
    const begun = evenNow()
    const polled = await this.poll()
    const events = capabilities ? polled : this.repeats.fresh(polled)
    if (events.length > 0) observe.received(address, events.length)
    if (events.length === 0) {
      observe.foundNothing?.(address)
      if (evenNow() - begun < QUICK_POLL_MS) await this.pause(IDLE_PAUSE_MS)
      return
    }
    await this.out.take(events, () => this.position?.followSoon())
    this.cursor = events[events.length - 1].eventId ?? this.cursor
  }

  private get isFull(): boolean {
    const { capabilities, maxUnsettled } = this.options
    const { open, unsettled } = this.settledMark
    const room = capabilities ? maxUnsettled : 1
    return open >= room || unsettled >= room * BEHIND_TIMES
  }

  /** The next events, once it is known that this service may have them; that is asked again when they have come, which may be long after. */
  private async poll(): Promise<readonly ExternalEvent[]> {
    const { mayPoll } = this.options
    await mayPoll?.()
    this.arrived ??= await this.pollNow()
    if (this.arrived.length > 0) await mayPoll?.()
    const { arrived } = this
    this.arrived = undefined
    return arrived
  }

  private async pollNow(): Promise<ExternalEvent[]> {
    const { connector, capabilities } = this.options
    this.pollingSince = evenNow()
    try {
      const position = capabilities?.position === 'receiver' ? this.cursor : this.settledMark.mark
      return await askStreamer(() => connector.poll(this.topic, position))
    } finally {
      this.pollingSince = undefined
    }
  }

  private async pause(ms: number): Promise<void> {
    if (!this.stopping.signal.aborted) await this.wakeUp.sleep(ms)
  }
}
