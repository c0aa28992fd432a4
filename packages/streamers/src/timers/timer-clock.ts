import { AsyncResource } from 'node:async_hooks'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { StateStore } from '../state'
import { troubleWithState } from '../timing'
import type { Firing } from './firing'

/** The part of the service that is named where the state fails here. */
const PART = 'timers'
/** Milliseconds between two looks at when the next timer is due: others may have set one, and the machine's clock may have been set. */
const LOOK_EVERY_MS = 1_000
/** Milliseconds between two looks for delays that a clock which was ahead has set. */
const CORRECT_EVERY_MS = 60_000

/**
 * What the clock of timers needs to know.
 * @internal
 */
export interface TimerClockOptions {
  readonly state: Pick<StateStore, 'nextTimerAt' | 'correctTimers'>
  readonly firing: Pick<Firing, 'fireDue'>
  readonly log: StreamerLogger
}

/**
 * Fires timers when they are due. While they wait, one question a second is asked, for the next of them, whatever their number. It goes by the
 * machine's clock, which it looks at every second, so that a clock that is set is noticed.
 */
export class TimerClock {
  private next?: number
  private toldOf = Infinity
  /** Up to when everything that was due was tried. */
  private firedBy = Number.NEGATIVE_INFINITY
  private timeout?: NodeJS.Timeout
  private interval?: NodeJS.Timeout
  private working?: Promise<void>
  private correctedAt = Number.NEGATIVE_INFINITY
  private readonly stopped = new AbortController()
  /** Who sets a timer may be in a transaction or a trace. What fires is in none of these. */
  private readonly context = new AsyncResource('TimerClock')

  public constructor(private readonly options: TimerClockOptions) {}

  public start(): void {
    this.interval = setInterval(() => this.look(), LOOK_EVERY_MS).unref()
    this.look()
  }

  /** A timer was set that is due then, in milliseconds since 1970. */
  public told(dueAt: number): void {
    this.toldOf = Math.min(this.toldOf, dueAt)
    if (this.working) return
    this.next = Math.min(this.next ?? Infinity, dueAt)
    this.context.runInAsyncScope(() => this.arm())
  }

  /** Lets what fires at the moment finish. */
  public async stop(): Promise<void> {
    this.stopped.abort()
    clearInterval(this.interval)
    clearTimeout(this.timeout)
    await this.working
    troubleWithState(this.options.log).left(PART)
  }

  private look(): void {
    if (this.stopped.signal.aborted) return
    this.working ??= this.work().finally(() => {
      this.working = undefined
      this.arm()
    })
  }

  private async work(): Promise<void> {
    const { state, firing, log } = this.options
    const trouble = troubleWithState(log)
    this.toldOf = Infinity
    try {
      if (performance.now() - this.correctedAt >= CORRECT_EVERY_MS) {
        await state.correctTimers(Date.now())
        this.correctedAt = performance.now()
      }
      this.next = await state.nextTimerAt()
      const now = Date.now()
      if (this.next !== undefined && this.next <= now) {
        this.firedBy = now
        await firing.fireDue(this.stopped.signal)
        this.toldOf = Infinity
        this.next = await state.nextTimerAt()
      }
      this.next = Math.min(this.next ?? Infinity, this.toldOf)
      trouble.worked(PART)
    } catch (error) {
      // The next look asks again; until then nothing is known to be due.
      this.next = undefined
      trouble.failed(PART, {
        what: 'The state could not be searched for delayed events that are due. It is tried again.',
        error,
      })
    }
  }

  /** Looks at the time when the next timer is due, where that is before the next look. What is due and did not fire is left to the next look. */
  private arm(): void {
    clearTimeout(this.timeout)
    if (this.stopped.signal.aborted || this.next === undefined || this.next <= this.firedBy) return
    const inMs = this.next - Date.now()
    if (inMs <= LOOK_EVERY_MS) this.timeout = setTimeout(() => this.look(), Math.max(0, inMs)).unref()
  }
}
