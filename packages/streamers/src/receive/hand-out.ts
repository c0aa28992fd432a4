import { failpoint, parseAddress } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerLogger } from '@boostercloud/streamer-connector'
import type { StateStore } from '../state'
import { Limiter, evenNow } from '../timing'
import { Attempts } from './attempt'
import type { Claimant } from './claimant'
import { deadLetterOf } from './dead-letter'
import { claimRequest } from './delivery'
import type { Delivery } from './delivery'
import { dispatch } from './dispatch'
import type { Effects } from './effects'
import { identityOf } from './identity'
import type { InFlight } from './in-flight'
import { Lanes } from './lanes'
import type { RunGate } from './run-gate'
import type { Link } from './link'
import { Progress } from './progress'
import { Received, onOwnEvents } from './received'
import type { LaneObserver } from './retries'
import type { HandedOut, SettledMark } from './settled-mark'

/** What is needed to hand events to the handlers of one address. */
export interface HandOutOptions extends Claimant {
  /** From where, with its topic. */
  readonly address: string
  readonly links: readonly Link[]
  readonly state: StateStore
  readonly effects: Effects
  readonly log: StreamerLogger
  readonly observe: HandOutObserver
  /** Shared by all receivers of a service. */
  readonly inFlight: InFlight
  /** Shared by all receivers of a process: what lets handlers run beside each other, or alone. */
  readonly gate: RunGate
  /** Keys handled at once. */
  readonly concurrency: number
  /** Whether what waits may be begun: not while another state may be given it too. Default: always. */
  readonly isOurs?: () => boolean
  /** Whether what is parked may be tried again: not while another state is given it too. Default: always. */
  readonly mayTryAgain?: () => boolean
  /** So many events may wait in memory behind such as are tried again soon; with more, all of these are parked. Default 0. */
  readonly waitAtMost?: number
}

/** Told what becomes of events. */
export interface HandOutObserver extends LaneObserver {
  /** No handler's link names this event's type: it is settled. */
  ignored(address: string, event: ExternalEvent): void
  /** An event that can be given to nobody became a dead letter. */
  refused(address: string, event: ExternalEvent, error: Error): void
}

/** Events → handlers, for one address: each event to its links, on the lanes of its key. */
export class HandOut {
  public readonly attempts: Attempts
  public readonly progress = new Progress()
  private readonly lanes: Lanes
  /** For each taking of events that goes on: what was withdrawn meanwhile, and is in no lane yet. */
  private readonly takings = new Set<((event: ExternalEvent) => boolean)[]>()
  /** Claims are asked for only when those that were withdrawn are given back: an event may come again at once. */
  private givingBack: Promise<void> = Promise.resolve()
  private readonly from: ReturnType<typeof parseAddress>

  /** `hasStablePositions`: an event without id is known by its position. */
  public constructor(
    private readonly options: HandOutOptions,
    private readonly settledMark: SettledMark,
    private readonly hasStablePositions: boolean,
    stopped: AbortSignal
  ) {
    const { address, state, effects, log, observe, concurrency, gate, waitAtMost = 0 } = options
    this.from = parseAddress(address)
    const slots = new Limiter(concurrency)
    this.attempts = new Attempts(state, onOwnEvents(effects), options, {
      limiter: slots,
      gate,
      log,
      stopped,
    })
    const { attempts } = this
    this.lanes = new Lanes({
      state,
      attempts,
      log,
      stopped,
      observe,
      mayWait: waitAtMost > 0,
      turns: gate.turns,
      slots,
      isOurs: options.isOurs ?? always,
      mayTryAgain: options.mayTryAgain ?? always,
      isShared: new Set(options.links.map(({ handler }) => handler)).size > 1,
    })
    stopped.addEventListener('abort', () => this.lanes.stop(), { once: true })
  }

  /** Takes up what is parked, and which links are paused; may be called again when that was changed from outside. */
  public async refresh(): Promise<void> {
    const { state, address, links } = this.options
    this.lanes.load(await state.parkedLanes(address), links, await this.paused())
  }

  /** Takes note of which links are paused, and leaves what is parked where it is. */
  public async refreshPaused(): Promise<void> {
    this.lanes.load([], this.options.links, await this.paused())
  }

  /**
   * Resolves when every event is in its lanes, or durably set aside where it concerns none; `onSettled` is told of each. Rejects with `Stopped`
   * only.
   */
  public async take(events: readonly ExternalEvent[], onSettled = (): void => undefined): Promise<HandedOut[]> {
    const withdrawn: ((event: ExternalEvent) => boolean)[] = []
    this.takings.add(withdrawn)
    const deliveries: Delivery[] = []
    const entries: HandedOut[] = []
    for (const event of events) {
      const entry = this.settledMark.handOut(event.eventId)
      entries.push(entry)
      deliveries.push(...(await this.deliveriesOf(event, entry, onSettled)))
    }
    await this.givingBack
    const toClaim = deliveries.filter((delivery) => !this.lanes.isParked(delivery))
    const at = evenNow()
    const claims = await this.attempts.claim(toClaim.map(({ request }) => request))
    await failpoint('receive.after-claim')
    toClaim.forEach((delivery, index) => (delivery.claimed = { claim: claims[index], at }))
    this.takings.delete(withdrawn)
    const isWithdrawn = ({ event }: Delivery): boolean => withdrawn.some((isMeant) => isMeant(event))
    for (const delivery of deliveries) if (!isWithdrawn(delivery)) this.lanes.accept(delivery)
    await this.handBack(deliveries.filter(isWithdrawn))
    this.makeRoom()
    return entries
  }

  /** Parks what waits in memory where that is more than may wait. Returns at once. */
  public makeRoom(): void {
    // There are no more that wait than are open, and those need not be counted.
    const { waitAtMost = 0 } = this.options
    if (this.settledMark.open > waitAtMost && this.lanes.waiting > waitAtMost) this.lanes.parkWaiting()
  }

  /** Hands back what is meant and was not begun, and gives up its claims. Rejects with `Stopped` only. */
  public async withdraw(isMeant: (event: ExternalEvent) => boolean): Promise<void> {
    for (const withdrawn of this.takings) withdrawn.push(isMeant)
    await this.handBack(this.lanes.withdraw(({ event }) => isMeant(event)))
  }

  /** Resolves when no handler runs and nothing parked is due. */
  public async quiet(): Promise<void> {
    await this.lanes.quiet()
  }

  /**
   * What was claimed and not begun is given back, so that another process need not wait until the claim is over. What still runs is given up
   * on, and not held against its event.
   */
  public async abandon(): Promise<void> {
    const { inFlight, log, address } = this.options
    const running = this.attempts.runs.leave()
    const waiting = [...this.progress.requests].filter((request) => !running.requests.has(request))
    for (const request of [...waiting, ...running.requests]) inFlight.abandon(request)
    const changes = [...waiting.map((request) => this.attempts.release(request)), ...running.changes]
    await this.attempts
      .commit(changes)
      .catch((error: unknown) =>
        log.warn(`The claims of '${address}' could not be released. Other processes get them when they expire.`, error)
      )
  }

  private async handBack(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return
    for (const { settled } of deliveries) settled()
    const free = deliveries.filter((delivery) => !this.lanes.keepsClaim(delivery))
    const released = free.map(({ request }) => this.attempts.release(request))
    this.givingBack = Promise.all([this.givingBack, this.attempts.commit(released)]).then(() => undefined)
    await this.givingBack
  }

  private async paused(): Promise<ReadonlySet<string>> {
    const links = await this.options.state.pausedLinks()
    return new Set(links.filter(({ address }) => address === this.options.address).map(({ handler }) => handler))
  }

  private async deliveriesOf(received: ExternalEvent, entry: HandedOut, onSettled: () => void): Promise<Delivery[]> {
    const { address, links, observe, inFlight } = this.options
    const event = new Received(received, this.from)
    const settle = (): void => {
      this.settledMark.settle(entry)
      onSettled()
    }
    const identity = identityOf(event, address, this.hasStablePositions)
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
      const request = claimRequest(link, event, identity)
      const begun = inFlight.begin(request, settled)
      if (!begun) return []
      this.progress.begin(request)
      const done = (): void => {
        this.progress.settle(request)
        begun()
      }
      return [{ link, event, identity, request, settled: done }]
    })
  }
}

const always = (): boolean => true
