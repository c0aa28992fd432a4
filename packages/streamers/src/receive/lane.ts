import { failpoint } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerLogger } from '@boostercloud/streamer-connector'
import { unpackEvent } from '../state'
import type { ClaimRequest, LaneId, ParkedEvent, StateChange, StateStore } from '../state'
import { Stopped } from './attempt'
import type { Attempts } from './attempt'
import { takeFrom } from './delivery'
import type { Delivery } from './delivery'
import { afterFailure } from './failure'
import type { Failure } from './failure'
import type { Link } from './link'
import { givenUp, toParked } from './parking'

/** What all lanes of a receiver share. */
export interface LaneSurroundings {
  readonly state: StateStore
  readonly attempts: Attempts
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
 *
 * What is parked was handed to the lane before all that is in its queue, and what is run live before that: nothing goes into the park
 * while an event is run live, which would have to be parked in front of it.
 */
export class Lane {
  /** Those that wait, in order. */
  private readonly queue: Delivery[] = []
  /** The event that is run live. */
  private live?: Delivery
  /** The parked event that is run again. */
  private retried?: ParkedEvent
  /** How many of it are in the park. */
  private parked = 0
  private held = false
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

  /** Takes an event, behind those taken before. Returns at once. */
  public accept(delivery: Delivery): void {
    this.queue.push(delivery)
    // What is handed over in one turn goes into the park in one write, also while one from there is tried again.
    if (this.queue.length === 1) queueMicrotask(() => this.parkIfParked())
    this.pump()
  }

  /** Hands back those that wait and were not begun. */
  public withdraw(isMeant: (delivery: Delivery) => boolean): Delivery[] {
    return takeFrom(this.queue, isMeant)
  }

  /** Works on what is parked and due. Returns at once. */
  public pump(): void {
    if (this.pumping) return
    this.pumping = this.work()
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.pumping = undefined
        if (this.queue.length > 0 && !this.around.stopped.aborted) this.pump()
        else if (!this.isParked) {
          clearTimeout(this.timer)
          this.onIdle()
        }
      })
  }

  /** Resolves when nothing is running or being written. */
  public async quiet(): Promise<void> {
    clearTimeout(this.timer)
    while (this.pumping) await this.pumping
    await this.lastPark.catch(() => undefined)
  }

  private async work(): Promise<void> {
    while (!this.around.stopped.aborted) {
      const isPaused = this.around.isPaused(this.link.handler)
      if (this.isParked || isPaused) await this.parkQueue()
      if (this.isParked) {
        if (isPaused || !(await this.workOnHead())) return
      } else {
        const next = this.queue.shift()
        if (!next) return
        await this.workLive(next)
      }
    }
  }

  private async workLive(delivery: Delivery): Promise<void> {
    const { link, event, request } = delivery
    this.live = delivery
    const failure = await this.tryLive(delivery, request)
    this.live = undefined
    if (failure === 'behind') {
      this.queue.unshift(delivery)
      await this.parkQueue()
    } else if (failure) {
      const tried = afterFailure(toParked(delivery), failure, link, Date.now())
      await this.park([{ delivery, event: tried }, ...this.followers(1)])
      this.report(event, tried, failure)
    } else {
      delivery.settled()
      this.around.observe.handled(link, event)
    }
  }

  /** Rejects with `Stopped` only; the delivery then stays unsettled. */
  private async tryLive(delivery: Delivery, request: ClaimRequest): Promise<Failure | 'behind' | undefined> {
    const { attempts } = this.around
    const claim = await attempts.refreshed(request, delivery.claimed)
    if (claim.state === 'behind') return 'behind'
    const { link, event } = delivery
    return attempts.attempt({ link, request, event, withFinish: [] }, claim)
  }

  /** One try at the oldest parked event. Answers whether there may be more to do now. */
  private async workOnHead(): Promise<boolean> {
    const { lastPark } = this
    await lastPark
    const head = await this.around.state.parkedHead(this.id)
    if (!head) {
      // What was parked while the state was asked may not be in its answer.
      if (this.lastPark !== lastPark) return true
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
    this.retried = head
    const [claim] = await attempts.claim([request])
    const failure = await attempts.attempt(
      { link: this.link, request, event, withFinish: [{ do: 'unpark', place }] },
      claim
    )
    this.retried = undefined
    if (!failure) {
      this.around.observe.handled(this.link, event)
      return true
    }
    if (failure.during === 'elsewhere') {
      this.wakeAt(Date.now() + ELSEWHERE_MS)
      return false
    }
    const tried = afterFailure(head, failure, this.link, Date.now())
    await attempts.commit([{ do: 'repark', place, event: tried }, attempts.release(request), ...givenUp(tried)])
    await failpoint('receive.after-repark')
    this.report(event, tried, failure)
    return true
  }

  private parkIfParked(): void {
    if (!this.isParked || this.live || this.around.stopped.aborted) return
    this.parkQueue().catch((error: unknown) => this.failed(error))
  }

  /** Parks all that waits behind what is parked already. Resolves when it is durably there. */
  private async parkQueue(): Promise<void> {
    if (this.queue.length > 0) await this.park(this.followers(0))
  }

  /** Takes what waits, as it is to be parked behind so many that go into the park in front of it at the same time. */
  private followers(before: number): { delivery: Delivery; event: ParkedEvent }[] {
    return this.queue.splice(0).map((delivery, index) => ({ delivery, event: this.follower(delivery, before + index) }))
  }

  private park(items: readonly { delivery: Delivery; event: ParkedEvent }[]): Promise<void> {
    this.parked += items.length
    const changes = items.flatMap(({ event }): StateChange[] => [
      { do: 'park', event },
      ...(this.isRetried(event) ? [] : [this.around.attempts.release(event)]),
      ...givenUp(event),
    ])
    this.lastPark = this.lastPark
      .then(() => failpoint('receive.before-park'))
      .then(() => this.around.attempts.commit(changes))
      .then(() => failpoint('receive.after-park'))
    return this.lastPark.then(() => items.forEach(({ delivery }) => delivery.settled()))
  }

  /** An event that comes again while it is run from the park is still claimed for that run. */
  private isRetried({ source, id }: ParkedEvent): boolean {
    return this.retried?.source === source && this.retried.id === id
  }

  private failed(error: unknown): void {
    if (error instanceof Stopped) return
    this.around.log.error(`The state does not answer for ${this.link.handler}; trying again.`, error)
    this.wakeAt(Date.now() + STATE_AGAIN_MS)
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
  private follower(delivery: Delivery, before: number): ParkedEvent {
    const { holdLimit } = this.link
    const waiting = this.parked + before - 1
    if (this.held && waiting >= holdLimit) {
      return {
        ...toParked(delivery),
        state: 'dead',
        holds: true,
        cause: { name: 'HoldLimit', message: `More than ${holdLimit} events wait behind a dead letter of this key.` },
      }
    }
    return { ...toParked(delivery), state: 'follower' }
  }
}
