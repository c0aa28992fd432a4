import { StreamerError } from '@boostercloud/streamer-connector'
import type { ClaimRequest, InboxKey, StateChange, Suspicion } from '../state'
import { evenNow } from '../timing'
import type { Limiter } from '../timing'
import type { Link } from './link'
import type { Pass, RunGate } from './run-gate'
import { NotBegun, Stopped } from './stopped'
import type { Turn } from './turns'

/** What is run: a handler with one event, or with several at once. */
export interface RunSubject {
  readonly link: Link
  readonly requests: readonly ClaimRequest[]
  /** Set: it is run alone, and counted. */
  readonly suspicion?: Suspicion
  /** Where it was waited for already; otherwise the run waits for a slot of its address. */
  readonly turn?: Turn
}

/** A handler that runs at this moment. */
export interface RunningHandler {
  readonly handler: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** Whether it has taken longer than its `timeoutMs`: what it comes to is discarded. */
  readonly isLate: boolean
}

/** What a run is given. */
export interface RunControl {
  /** Aborts when the run is given up on. */
  readonly signal: AbortSignal
  /** To be called when the handler has ended, before anything is made of what it came to. Throws where it was given up on. */
  handlerEnded(): void
}

/** What runs need of what is around them. */
export interface RunsSurroundings {
  readonly owner: string
  readonly limiter: Limiter
  readonly gate: RunGate
  readonly stopped: AbortSignal
  /** Writes, however long the state needs; rejects with `Stopped` or `CLAIM_LOST`. */
  readonly commit: (changes: readonly StateChange[]) => Promise<void>
  /** Told of a write that failed and that nothing waits for. */
  readonly failed: (link: Link, error: unknown) => void
}

/** A run took longer than the link's `timeoutMs`. */
export class OverTime extends Error {
  public constructor(
    public readonly error: StreamerError,
    /** Resolves when it has really ended. */
    public readonly ended: Promise<void>
  ) {
    super(error.message)
  }
}

/** A run that lasts for so many milliseconds is written down, for who looks at the state from outside. */
const NOTED_AFTER_MS = 1_000
const LOOK_EVERY_MS = 500

/** The runs of the handlers of one address. A run keeps its slot until it has really ended, also when it was given up on. */
export class HandlerRuns {
  private readonly running = new Set<Run>()
  private looking?: NodeJS.Timeout
  private left = false

  public constructor(private readonly around: RunsSurroundings) {}

  /**
   * Runs the work when it is its turn, and resolves or rejects as it does; rejects with `OverTime` when it takes too long, with `Stopped` when
   * it is left, with `NotBegun` when the service stops first, and with `CLAIM_LOST` when its beginning cannot be counted.
   */
  public run<T>(subject: RunSubject, work: (control: RunControl) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const begin = (): Promise<void> => this.inSlot(subject, { work, resolve, reject })
      const run = subject.turn ? subject.turn.use(begin) : this.around.limiter.run(begin)
      run.catch(reject)
    })
  }

  /** Those that run now. */
  public get now(): RunningHandler[] {
    return [...this.running].map(({ subject, since, isLate }) => ({ handler: subject.link.handler, since, isLate }))
  }

  /** Whether everything was left. */
  public get isLeft(): boolean {
    return this.left
  }

  /** Gives up on all that runs, since the process ends: answers for which events, and what says that this is not their fault. */
  public leave(): { requests: ReadonlySet<ClaimRequest>; changes: StateChange[] } {
    this.left = true
    const reason = new StreamerError('CLOSED', 'The service stops and no longer waits for its handlers.', {
      hint: 'Stop the work. The event is handled again.',
    })
    const requests = [...this.running].flatMap((run) => {
      run.giveUp(reason, new Stopped())
      return run.subject.requests.map((request) => ({ request, run }))
    })
    return {
      requests: new Set(requests.map(({ request }) => request)),
      changes: requests.map(({ request, run }) => this.excuse(request, 'left', run.isCounted)),
    }
  }

  private async inSlot<T>(subject: RunSubject, { work, resolve, reject }: Asked<T>): Promise<void> {
    const { suspicion } = subject
    this.assertMayBegin()
    const entered = suspicion ? this.around.gate.byItself(suspicion.slow) : this.around.gate.beside()
    const pass = entered instanceof Promise ? await entered : entered
    const run = new Run(subject, reject)
    this.running.add(run)
    this.looking ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref()
    try {
      this.assertMayBegin()
      if (pass.isAlone) await this.count(run, pass)
      this.limit(run, pass)
      resolve(await work(run))
    } catch (error) {
      reject(error)
    } finally {
      this.running.delete(run)
      run.end()
      pass.leave()
    }
  }

  private assertMayBegin(): void {
    if (this.left || this.around.stopped.aborted) throw new NotBegun()
  }

  /** The beginning of a run alone is on disk before it. */
  private async count(run: Run, pass: Pass): Promise<void> {
    const { link, requests } = run.subject
    await this.around.commit(requests.map((request) => this.begin(run, request, true)))
    run.isCounted = true
    run.isNoted = true
    pass.onCompany = async () => {
      run.isCounted = false
      await this.around
        .commit(requests.map((request) => this.excuse(request, 'in-company', true)))
        .catch((error: unknown) => this.around.failed(link, error))
    }
  }

  private limit(run: Run, pass: Pass): void {
    const { link } = run.subject
    const { timeoutMs } = link
    if (timeoutMs === undefined) return
    run.limit(timeoutMs, () => {
      const error = new StreamerError('HANDLER_TIMED_OUT', `${link.handler} took longer than ${timeoutMs} ms.`, {
        at: link.address,
        hint: 'Set a time limit for what the handler calls, stop when metadataOf(event).signal aborts, or raise timeoutMs.',
        retryable: true,
      })
      run.isLate = true
      run.giveUp(error, new OverTime(error, run.ended))
      pass.open()
    })
  }

  private look(): void {
    if (this.running.size === 0) {
      clearInterval(this.looking)
      this.looking = undefined
      return
    }
    for (const run of this.running) {
      if (run.isNoted || this.left || evenNow() - run.since < NOTED_AFTER_MS) continue
      run.isNoted = true
      const { link, requests } = run.subject
      this.around
        .commit(requests.map((request) => this.begin(run, request, false)))
        .catch((error: unknown) => this.around.failed(link, error))
    }
  }

  private begin({ since }: Run, request: ClaimRequest, counts: boolean): StateChange {
    const { owner } = this.around
    return { do: 'begin-run', key: keyOf(request), owner, address: request.address, at: since, counts }
  }

  private excuse(request: ClaimRequest, because: 'left' | 'in-company', counted: boolean): StateChange {
    return { do: 'excuse-run', key: keyOf(request), owner: this.around.owner, because, counted }
  }
}

interface Asked<T> {
  readonly work: (control: RunControl) => Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

/** One run of a handler. */
class Run implements RunControl {
  public readonly since = evenNow()
  public readonly ended: Promise<void>
  public isLate = false
  public isCounted = false
  /** Whether the state has been told of it. */
  public isNoted = false
  public end: () => void = () => undefined
  private readonly aborting = new AbortController()
  private timer?: NodeJS.Timeout

  public constructor(
    public readonly subject: RunSubject,
    private readonly reject: (error: unknown) => void
  ) {
    this.ended = new Promise((resolve) => {
      this.end = () => {
        clearTimeout(this.timer)
        resolve()
      }
    })
  }

  public get signal(): AbortSignal {
    return this.aborting.signal
  }

  public handlerEnded(): void {
    clearTimeout(this.timer)
    if (this.signal.aborted) throw this.signal.reason
  }

  public limit(ms: number, onOver: () => void): void {
    this.timer = setTimeout(onOver, ms)
  }

  /** What it comes to is discarded; who waits for it hears `error`. */
  public giveUp(reason: StreamerError, error: Error): void {
    this.reject(error)
    this.aborting.abort(reason)
  }
}

/** What the inbox knows it by. */
export function keyOf({ handler, source, id }: ClaimRequest): InboxKey {
  return { handler, source, id }
}
