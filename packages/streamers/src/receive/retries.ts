import { failpoint } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { unpackEvent } from '../state'
import type { ClaimRequest, ParkedEvent } from '../state'
import type { Attempts } from './attempt'
import { retryRequest } from './delivery'
import type { Claimed } from './delivery'
import { afterFailure } from './failure'
import type { Identity } from './identity'
import type { Failure } from './failure'
import type { Link } from './link'
import { givenUp } from './parking'
import { NotBegun, Stopped } from './stopped'
import type { Turn } from './turns'
import { evenNow } from '../timing'

/** What trying again needs. */
export interface RetrySurroundings {
  readonly attempts: Attempts
  readonly stopped: AbortSignal
  readonly observe: LaneObserver
  /** Whether a handler is to be given nothing for now. */
  readonly isPaused: (handler: string) => boolean
  /** Whether what is parked may be tried again: not while another state is given it too. */
  readonly mayTryAgain: () => boolean
}

/** Told what became of events. */
export interface LaneObserver {
  handled(link: Link, event: ExternalEvent): void
  /** `attempts`: handler runs that have failed so far. `nextTryAt`: when it is tried again, in milliseconds since 1970. */
  parked(link: Link, event: ExternalEvent, failure: Failure, attempts: number, nextTryAt?: number): void
  died(link: Link, event: ExternalEvent, failure: Failure, attempts: number): void
}

/** Tries at parked events of one lane. */
export class Retries {
  private claimed: readonly ParkedEvent[] = []

  /** `onLate` is told of a run that was given up on: nothing of the lane is run before it has ended. */
  public constructor(
    private readonly link: Link,
    private readonly around: RetrySurroundings,
    private readonly onLate: (ended: Promise<void>) => void
  ) {}

  /** Whether the event is claimed at the moment, to be tried again. */
  public hasClaimed({ source, id }: Identity): boolean {
    return this.claimed.some((other) => other.source === source && other.id === id)
  }

  /**
   * One try at each in order, as long as they succeed, the service runs, the link is not paused and no other state has the group. All are claimed
   * together; what it does not come to is given back, also where the service stops. Resolves with the one that failed, as it is parked now, or `elsewhere` where another process has
   * the next. `turn`: leave to run the first, where it was waited for.
   */
  public async inOrder(due: readonly ParkedEvent[], turn?: Turn): Promise<ParkedEvent | 'elsewhere' | undefined> {
    const { attempts } = this.around
    const requests = due.map(retryRequest)
    this.claimed = due
    let next = 0
    try {
      const claims = await attempts.claim(requests)
      const at = evenNow()
      let stopped: ParkedEvent | 'elsewhere' | undefined
      while (next < due.length && stopped === undefined && this.mayRun) {
        stopped = await this.retry(
          due[next],
          requests[next],
          { claim: claims[next], at },
          next === 0 ? turn : undefined
        )
        next += 1
      }
      await attempts.commit(requests.slice(next).map((request) => attempts.release(request)))
      return stopped
    } catch (error) {
      // What runs at this moment is given up on by who stops.
      const notBegun = requests.slice(error instanceof NotBegun ? next : next + 1)
      if (error instanceof Stopped) await attempts.commit(notBegun.map((request) => attempts.release(request)))
      throw error
    } finally {
      this.claimed = []
    }
  }

  private async retry(
    parked: ParkedEvent,
    request: ClaimRequest,
    claimed: Claimed,
    turn?: Turn
  ): Promise<ParkedEvent | 'elsewhere' | undefined> {
    const { attempts, observe } = this.around
    const { link } = this
    const place = parked.place as number
    const event = unpackEvent(parked.event)
    const failure = await attempts.attempt(
      { link, request, event, withFinish: [{ do: 'unpark', place }], turn },
      await attempts.refreshed(request, claimed)
    )
    this.claimed = this.claimed.filter((other) => other !== parked)
    if (!failure) {
      observe.handled(link, event)
      return undefined
    }
    if (failure.during === 'elsewhere') return 'elsewhere'
    if (failure.late) this.onLate(failure.late)
    const tried = afterFailure(parked, failure, link, Date.now())
    await attempts.commit([
      { do: 'repark', place, event: tried },
      attempts.afterRun(request, failure),
      ...givenUp(tried),
    ])
    await failpoint('receive.after-repark')
    report(observe, link, { event, tried, failure })
    return tried
  }

  private get mayRun(): boolean {
    const { stopped, isPaused, mayTryAgain } = this.around
    return !stopped.aborted && !isPaused(this.link.handler) && mayTryAgain()
  }
}

/** Tells of a try that failed. */
export function report(
  observe: LaneObserver,
  link: Link,
  { event, tried, failure }: { event: ExternalEvent; tried: ParkedEvent; failure: Failure }
): void {
  if (failure.during === 'elsewhere') return
  if (tried.state === 'dead') observe.died(link, event, failure, tried.attempts)
  else observe.parked(link, event, failure, tried.attempts, tried.dueAt)
}
