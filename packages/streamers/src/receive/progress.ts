import type { ClaimRequest } from '../state'
import type { RunningHandler } from './handler-runs'
import { evenNow } from '../timing'

/** How far a receiver is with one handler. */
export interface LinkProgress {
  readonly handler: string
  /** Events that it was given and that are neither finished, parked nor a dead letter. */
  readonly unsettled: number
  /** Since when the oldest of them is there, in milliseconds since 1970. */
  readonly oldestUnsettledAt?: number
  /** When one was last settled, in milliseconds since 1970. */
  readonly lastProgressAt?: number
  /** Its runs that are under way. */
  readonly running: readonly RunningHandler[]
}

/** How a receiver is at one moment. */
export interface ReceiverReport {
  readonly address: string
  /** Whether its last poll succeeded. */
  readonly polls: boolean
  /** Since when a poll is under way, in milliseconds since 1970; undefined between two polls. */
  readonly pollingSince?: number
  readonly links: readonly LinkProgress[]
  /** How many handlers run at once at most. */
  readonly slots: number
}

/** What a receiver has in flight, and when something of it was last settled. */
export class Progress {
  private readonly begun = new Map<ClaimRequest, number>()
  private readonly settledAt = new Map<string, number>()

  /** What is in flight. */
  public get requests(): Iterable<ClaimRequest> {
    return this.begun.keys()
  }

  /** An event is on its way to its handler. */
  public begin(request: ClaimRequest): void {
    this.begun.set(request, evenNow())
  }

  /** It is settled. */
  public settle(request: ClaimRequest): void {
    this.begun.delete(request)
    this.settledAt.set(request.handler, evenNow())
  }

  /** How far one handler is. */
  public of(handler: string, running: readonly RunningHandler[]): LinkProgress {
    const times = [...this.begun].filter(([request]) => request.handler === handler).map(([, at]) => at)
    return {
      handler,
      unsettled: times.length,
      oldestUnsettledAt: times.length > 0 ? Math.min(...times) : undefined,
      lastProgressAt: this.settledAt.get(handler),
      running: running.filter((run) => run.handler === handler),
    }
  }
}
