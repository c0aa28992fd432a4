import { failpoint } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerLogger } from '@boostercloud/streamer-connector'
import { packEvent, unpackEvent } from '../state'
import type { Claim, ClaimRequest, LaneId, ParkedEvent, StateChange, StateStore } from '../state'
import type { Limiter } from '../timing'
import { Stopped } from './attempt'
import type { Attempts } from './attempt'
import { afterFailure } from './failure'
import type { Failure } from './failure'
import type { Identity } from './identity'
import type { Link } from './link'

/** One event for one handler. */
export interface Delivery {
  readonly link: Link
  readonly event: ExternalEvent
  readonly identity: Identity
  readonly claim: Claim
  /** When it was claimed, in milliseconds since 1970. */
  readonly claimedAt: number
  /** To be called once: finished, parked, or a dead letter. */
  readonly settled: () => void
}

/** A delivery before it is claimed. */
export type Unclaimed = Omit<Delivery, 'claim' | 'claimedAt'>

/** What all lanes of a receiver share. */
export interface LaneSurroundings {
  readonly state: StateStore
  readonly attempts: Attempts
  readonly limiter: Limiter
  readonly log: StreamerLogger
  readonly stopped: AbortSignal
  readonly observe: LaneObserver
  /** Whether a handler is to be given nothing for now. */
  readonly isPaused: (handler: string) => boolean
}

/** Told what became of events. */
export interface LaneObserver {
  handled(link: Link, event: ExternalEvent): void
  /** `attempts`: handler runs that have failed so far. */
  parked(link: Link, event: ExternalEvent, failure: Failure, attempts: number): void
  died(link: Link, event: ExternalEvent, failure: Failure, attempts: number): void
}

/** Milliseconds until a lane whose state could not be read looks again. */
const STATE_AGAIN_MS = 1_000
/** Milliseconds until a lane looks again at an event that another process has. */
const ELSEWHERE_MS = 200

/**
 * One key of one link: its events are handled one after another, in order. While one of them is parked, those that follow are
 * parked behind it, and the lane works through the park; when that is empty it is live again.
 */
export class Lane {
  private readonly queue: Delivery[] = []
  /** How many of it are in the park. */
  private parked = 0
  private held = false
  private parking = 0
  private pumping?: Promise<void>
  private timer?: NodeJS.Timeout
  /** Parks one after another, so that nothing overtakes where a write has to be tried again. */
  private lastPark: Promise<void> = Promise.resolve()

  public constructor(
    private readonly link: Link,
    private readonly id: LaneId,
    private readonly around: LaneSurroundings,
    private readonly onIdle: () => void
  ) {}

  /** Whether events must queue in the park. */
  public get isParked(): boolean {
    return this.parked > 0
  }

  /** So many of it are in the park, put there or changed by somebody else. Returns at once. */
  public reload(parked: number): void {
    this.parked = Math.max(this.parked, parked)
    this.pump()
  }

  /** Takes an event that was claimed, behind those taken before. Returns at once. */
  public accept(delivery: Delivery): void {
    this.queue.push(delivery)
    this.pump()
  }

  /** Works on what is parked and due. Returns at once. */
  public pump(): void {
    if (this.pumping) return
    this.pumping = this.work()
      .catch((error: unknown) => {
        if (error instanceof Stopped) return
        this.around.log.error(`The state does not answer for ${this.link.handler}; trying again.`, error)
        this.wakeAt(Date.now() + STATE_AGAIN_MS)
      })
      .finally(() => {
        this.pumping = undefined
        if (this.queue.length > 0 && !this.around.stopped.aborted) this.pump()
        else if (!this.isParked) {
          clearTimeout(this.timer)
          this.onIdle()
        }
      })
  }

  /** Resolves when nothing is running. */
  public async quiet(): Promise<void> {
    clearTimeout(this.timer)
    while (this.pumping) await this.pumping
  }

  /** Parks events behind what is parked already. Resolves when they are durably there. */
  public async follow(deliveries: readonly Unclaimed[]): Promise<void> {
    this.parking += 1
    try {
      await this.park(deliveries.map((delivery, index) => ({ delivery, event: this.follower(delivery, index) })))
    } finally {
      this.parking -= 1
      this.pump()
    }
  }

  private async work(): Promise<void> {
    while (!this.around.stopped.aborted) {
      if (this.isParked) {
        if (this.queue.length > 0) await this.follow(this.queue.splice(0))
        if (this.around.isPaused(this.link.handler) || !(await this.workOnHead())) return
      } else {
        const next = this.queue[0]
        if (!next) return
        await this.workLive(next)
      }
    }
  }

  private async workLive(delivery: Delivery): Promise<void> {
    const { link, event } = delivery
    const claim = await this.around.attempts.refreshed(claimRequest(delivery), delivery)
    if (claim.state === 'behind') {
      await this.follow(this.queue.splice(0))
      return
    }
    const failure = await this.limited(() =>
      this.around.attempts.attempt({ link, request: claimRequest(delivery), event, withFinish: [] }, claim)
    )
    this.queue.shift()
    if (!failure) {
      delivery.settled()
      this.around.observe.handled(link, event)
      return
    }
    const tried = afterFailure(this.fresh(delivery), failure, link, Date.now())
    const followers = this.queue.splice(0)
    await this.park([
      { delivery, event: tried },
      ...followers.map((follower, index) => ({ delivery: follower, event: this.follower(follower, index) })),
    ])
    this.report(event, tried, failure)
  }

  /** One try at the oldest parked event. Answers whether there may be more to do now. */
  private async workOnHead(): Promise<boolean> {
    const head = await this.head()
    if (!head) {
      if (this.parking > 0) return false
      this.parked = 0
      this.held = false
      return true
    }
    this.held = head.state === 'dead'
    if (this.held) return false
    if (head.state === 'retry' && head.dueAt > Date.now()) {
      this.wakeAt(head.dueAt)
      return false
    }
    return this.retry(head)
  }

  /** Answers whether there may be more to do now. */
  private async retry(head: ParkedEvent): Promise<boolean> {
    const { attempts } = this.around
    const { handler, source, id, address, key } = head
    const request: ClaimRequest = { handler, source, id, address, key, fromPark: true }
    const place = head.place as number
    const event = unpackEvent(head.event)
    const [claim] = await attempts.claim([request])
    const failure = await this.limited(() =>
      attempts.attempt({ link: this.link, request, event, withFinish: [{ do: 'unpark', place }] }, claim)
    )
    if (!failure) {
      this.around.observe.handled(this.link, event)
      return true
    }
    if (failure.during === 'elsewhere') {
      this.wakeAt(Date.now() + ELSEWHERE_MS)
      return false
    }
    const tried = afterFailure(head, failure, this.link, Date.now())
    await attempts.commit([{ do: 'repark', place, event: tried }, ...givenUp(tried)])
    await failpoint('receive.after-repark')
    this.report(event, tried, failure)
    return true
  }

  private async head(): Promise<ParkedEvent | undefined> {
    return this.around.state.parkedHead(this.id)
  }

  private park(items: readonly { delivery: Unclaimed; event: ParkedEvent }[]): Promise<void> {
    this.parked += items.length
    const changes = items.flatMap(({ event }): StateChange[] => [{ do: 'park', event }, ...givenUp(event)])
    this.lastPark = this.lastPark
      .then(() => failpoint('receive.before-park'))
      .then(() => this.around.attempts.commit(changes))
      .then(() => failpoint('receive.after-park'))
    return this.lastPark.then(() => items.forEach(({ delivery }) => delivery.settled()))
  }

  private limited<T>(work: () => Promise<T>): Promise<T> {
    return this.around.limiter.run(work)
  }

  private wakeAt(time: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.pump(), Math.max(0, time - Date.now()))
  }

  private report(event: ExternalEvent, tried: ParkedEvent, failure: Failure): void {
    if (failure.during === 'elsewhere') return
    const { observe } = this.around
    if (tried.state === 'dead') observe.died(this.link, event, failure, tried.attempts)
    else observe.parked(this.link, event, failure, tried.attempts)
  }

  /** `before`: how many go into the park in front of it at the same time. */
  private follower(delivery: Unclaimed, before: number): ParkedEvent {
    const { holdLimit } = this.link
    const waiting = this.parked + before - 1
    if (this.held && waiting >= holdLimit) {
      return {
        ...this.fresh(delivery),
        state: 'dead',
        holds: true,
        cause: { name: 'HoldLimit', message: `More than ${holdLimit} events wait behind a dead letter of this key.` },
      }
    }
    return { ...this.fresh(delivery), state: 'follower' }
  }

  private fresh({ event, identity, link }: Unclaimed): ParkedEvent {
    const now = Date.now()
    return {
      address: link.address,
      handler: link.handler,
      key: this.id.key,
      ...identity,
      state: 'retry',
      holds: false,
      attempts: 0,
      dueAt: now,
      firstAt: now,
      lastAt: now,
      event: packEvent(event),
    }
  }
}

/** What is to be claimed for a delivery. */
export function claimRequest({ link, identity, event }: Pick<Delivery, 'link' | 'identity' | 'event'>): ClaimRequest {
  const { handler, address } = link
  return { handler, address, source: identity.source, id: identity.id, key: event.metadata?.key }
}

/** A dead letter that holds nothing is done with as far as its handler is concerned: a redelivery must not run it. */
function givenUp({ state, holds, handler, source, id }: ParkedEvent): StateChange[] {
  return state === 'dead' && !holds ? [{ do: 'finish', key: { handler, source, id }, at: Date.now() }] : []
}
