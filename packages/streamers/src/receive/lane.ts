import { failpoint } from '@boostercloud/streamer-connector'
import type { ClaimRequest, LaneId, ParkedEvent, StateChange } from '../state'
import { Stopped } from './stopped'
import { takeFrom } from './delivery'
import type { Delivery } from './delivery'
import { afterFailure } from './failure'
import type { Identity } from './identity'
import type { Failure } from './failure'
import type { Link } from './link'
import { dueOf, followerOf, givenUp, isBrief, toParked } from './parking'
import { Retries, report } from './retries'
import type { LaneSurroundings } from './lane-surroundings'
import { LaneTurn, isLimited } from './turns'
import { evenNow, troubleWithState } from '../timing'

/** Milliseconds until a lane whose state could not be read looks again. */
const STATE_AGAIN_MS = 1_000
/** Milliseconds until a lane looks again at what another process has, or another state may have. */
const ELSEWHERE_MS = 200
/** Node.js knows no longer timers, and looking earlier does no harm; milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
/** Parked events that are read and claimed at once; each may be as large as the broker allows. */
const AHEAD = 8
/** Events that are claimed at once when their key is live again. */
const CLAIMS = 64

/**
 * One key of one link: its events are handled one after another, in order. While one of them is parked, those that follow wait in memory
 * if it has not failed for long and there is room, or are parked behind it, and the lane works through the park; when that is empty it is live again.
 *
 * What is parked was handed to the lane before all that is in its queue, and what is run live before that: nothing goes into the park
 * while an event is run live, which would have to be parked in front of it.
 */
export class Lane {
  /** Those that wait, in order. */
  private readonly queue: Delivery[] = []
  /** The event that is run live. */
  private live?: Delivery
  private readonly retries: Retries
  private readonly turn: LaneTurn
  /** How many of it are in the park. */
  private parked = 0
  private held = false
  /** A run that was given up on goes on until then. */
  private late?: Promise<void>
  /** Whether the oldest in the park is tried again soon, and has not failed for long. */
  private isBrief = false
  private pumping?: Promise<void>
  private timer?: NodeJS.Timeout
  /** Parks one after another, so that nothing overtakes where a write has to be tried again. */
  private lastPark: Promise<void> = Promise.resolve()

  public constructor(
    private readonly link: Link,
    private readonly id: LaneId,
    private readonly around: LaneSurroundings,
    private readonly onIdle: () => void
  ) {
    this.retries = new Retries(link, around, (ended) => this.waitFor(ended))
    this.turn = new LaneTurn(link, around)
  }

  /** Whether events must queue in the park. */
  public get isParked(): boolean {
    return this.parked > 0 || this.late !== undefined
  }

  /** Runs nothing before a run has ended that was given up on. */
  public waitFor(late: Promise<void>): void {
    const ended = late.finally(() => {
      if (this.late === ended) this.late = undefined
      this.pump()
    })
    this.late = ended
  }

  /** So many of it are in the park, put there or changed by somebody else. Returns at once. */
  public reload(parked: number): void {
    this.parked = Math.max(this.parked, parked)
    this.pump()
  }

  /** Takes an event, behind those taken before. Returns at once. */
  public accept(delivery: Delivery): void {
    this.queue.push(delivery)
    if (!this.isParked) this.pump()
    // What is handed over in one turn goes into the park in one write, also while one from there is tried again.
    if (this.queue.length === 1) queueMicrotask(() => this.isParked && !this.mayWait && this.parkWaiting())
  }

  /** How many wait in memory behind a parked event, or for a limit of their handler where others of the address need not. */
  public get waiting(): number {
    const isHeldUp = this.turn.isAwaited && this.around.isShared && isLimited(this.link)
    return this.isParked || isHeldUp ? this.queue.length : 0
  }

  /** Parks these. Returns at once. */
  public parkWaiting(): void {
    if (this.waiting === 0 || this.live || this.around.stopped.aborted) return
    this.parkQueue().catch((error: unknown) => this.failed(error))
  }

  /** Hands back those that wait and were not begun. */
  public withdraw(isMeant: (delivery: Delivery) => boolean): Delivery[] {
    const taken = takeFrom(this.queue, isMeant)
    if (this.queue.length === 0 && !this.isParked) this.turn.cancel()
    return taken
  }

  /** Takes note of a link that is paused, and of a service that stops: then nothing waits for its turn. */
  public look(): void {
    const { stopped, isPaused } = this.around
    if (stopped.aborted || isPaused(this.link.handler)) this.turn.cancel()
    if (!stopped.aborted) this.pump()
  }

  /** Works on what is parked and due. Returns at once. */
  public pump(): void {
    if (this.pumping) return
    this.pumping = this.work()
      .then(() => troubleWithState(this.around.log).worked(this.link.handler))
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.pumping = undefined
        this.turn.over()
        if (this.isParked) return
        if (this.queue.length > 0 && !this.around.stopped.aborted)
          return void (this.around.isOurs() ? this.pump() : this.wakeIn(ELSEWHERE_MS))
        clearTimeout(this.timer)
        this.onIdle()
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
      if (isPaused || (this.isParked && !this.mayWait)) await this.parkQueue()
      if (this.late) return
      const goesOn = this.isParked ? !isPaused && (await this.workOnPark()) : await this.workOnQueue()
      if (!goesOn) return this.mayWait ? undefined : this.parkWaiting()
    }
  }

  /** Answers whether there was anything to do. */
  private async workOnQueue(): Promise<boolean> {
    if (this.queue.length === 0 || !this.around.isOurs()) return false
    if (this.turn.take()) {
      await this.workLive(this.queue.shift() as Delivery)
      this.turn.over()
    } else await this.turn.wait()
    return true
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
      this.isBrief = isBrief(tried)
      if (failure.late) this.waitFor(failure.late)
      const claim = this.around.attempts.afterRun(request, failure)
      await this.park([{ delivery, event: tried, claim }, ...(this.mayWait ? [] : this.followers(1))])
      report(this.around.observe, link, { event, tried, failure })
    } else {
      delivery.settled()
      this.around.observe.handled(link, event)
    }
  }

  /** Rejects with `Stopped` only; the delivery then stays unsettled. */
  private async tryLive(delivery: Delivery, request: ClaimRequest): Promise<Failure | 'behind' | undefined> {
    const { attempts } = this.around
    if (!delivery.claimed) await this.claimWaiting(delivery)
    const claim = await attempts.refreshed(request, delivery.claimed)
    if (claim.state === 'behind') return 'behind'
    const { link, event } = delivery
    return attempts.attempt({ link, request, event, withFinish: [], turn: this.turn.now }, claim)
  }

  /** Claims an event that waited behind a parked one, and with it those that wait likewise. */
  private async claimWaiting(first: Delivery): Promise<void> {
    const waiting = [first, ...this.queue].filter(({ claimed }) => !claimed).slice(0, CLAIMS)
    const claims = await this.around.attempts.claim(waiting.map(({ request }) => request))
    const at = evenNow()
    waiting.forEach((delivery, index) => (delivery.claimed = { claim: claims[index], at }))
  }

  /** One try at each of the oldest parked events, as long as none fails. Answers whether there may be more to do now. */
  private async workOnPark(): Promise<boolean> {
    const { lastPark } = this
    await lastPark
    const oldest = await this.around.state.parkedOf(this.id, AHEAD)
    const [head] = oldest
    if (!head) {
      // What was parked while the state was asked may not be in its answer.
      if (this.lastPark !== lastPark) return true
      this.parked = 0
      this.held = false
      // Another process may have parked what waits here, and it may be finished by now.
      for (const delivery of this.queue) delivery.claimed = undefined
      return true
    }
    this.held = head.state === 'dead'
    this.isBrief = isBrief(head)
    if (this.held) return false
    if (!this.around.mayTryAgain()) return this.wakeIn(ELSEWHERE_MS)
    const { maxDelayMs } = this.link.retry
    const now = Date.now()
    const due = dueOf(oldest, now, maxDelayMs)
    if (due.length === 0) return this.wakeIn(head.dueAt - now)
    // Nothing is claimed while its handler may not run yet; what was read before that is read again.
    if (!isLimited(this.link)) return this.retry(due)
    if (this.turn.take()) return this.retry(due.slice(0, 1))
    await this.turn.wait()
    return true
  }

  private async retry(due: readonly ParkedEvent[]): Promise<boolean> {
    const stopped = await this.retries.inOrder(due, this.turn.now)
    this.turn.over()
    if (stopped === 'elsewhere') {
      this.isBrief = false
      return this.wakeIn(ELSEWHERE_MS)
    }
    if (stopped) this.isBrief = isBrief(stopped)
    return true
  }

  private get mayWait(): boolean {
    return this.isBrief && !this.late && this.around.mayWait && !this.around.isPaused(this.link.handler)
  }

  /** Parks all that waits behind what is parked already. Resolves when it is durably there. */
  private async parkQueue(): Promise<void> {
    if (this.queue.length > 0) await this.park(this.followers(0))
  }

  /** Takes what waits, as it is to be parked behind so many that go into the park in front of it at the same time. */
  private followers(before: number): ToPark[] {
    return this.queue.splice(0).map((delivery, index) => {
      const waiting = this.parked + before + index - 1
      return { delivery, event: followerOf(delivery, this.held ? waiting : undefined) }
    })
  }

  /** Whether an event that comes again is still claimed: it is to be run from the park, or an earlier run goes on. */
  public keepsClaim(event: Identity): boolean {
    return this.late !== undefined || this.retries.hasClaimed(event)
  }

  private park(items: readonly ToPark[]): Promise<void> {
    this.parked += items.length
    const changes = items.flatMap(({ event, claim }): StateChange[] => [
      { do: 'park', event },
      ...(claim ? [claim] : this.keepsClaim(event) ? [] : [this.around.attempts.release(event)]),
      ...givenUp(event),
    ])
    this.lastPark = this.lastPark
      .then(() => failpoint('receive.before-park'))
      .then(() => this.around.attempts.commit(changes))
      .then(() => failpoint('receive.after-park'))
    return this.lastPark.then(() => items.forEach(({ delivery }) => delivery.settled()))
  }

  private failed(error: unknown): void {
    if (error instanceof Stopped) return
    const what = `The state does not answer for ${this.link.handler}. It is asked again.`
    troubleWithState(this.around.log).failed(this.link.handler, { what, error, level: 'error' })
    this.wakeIn(STATE_AGAIN_MS)
  }

  /** Has the lane looked at later. Answers that there is nothing to do now. */
  private wakeIn(ms: number): false {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.pump(), Math.min(ms, LONGEST_TIMER_MS))
    return false
  }
}

interface ToPark {
  readonly delivery: Delivery
  readonly event: ParkedEvent
  /** What becomes of its claim, where it was run. */
  readonly claim?: StateChange
}
