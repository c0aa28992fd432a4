import type { ExternalEvent, StreamerLogger } from '@boostercloud/streamer-connector'
import type { Claim, InboxKey, StateChange, StateStore } from '../state'
import { delayAfter } from '../timing'
import type { Effects, Outcome } from './effects'
import type { Failure } from './failure'
import type { Link } from './link'

/** One handler's work on one event. */
export interface Work {
  readonly link: Link
  readonly key: InboxKey
  readonly event: ExternalEvent
  /** What becomes true together with the event being finished. */
  readonly withFinish: readonly StateChange[]
}

/** Thrown where the service stops before something durable could be written: the event stays unsettled and comes again. */
export class Stopped extends Error {}

const STATE_RETRY = { firstDelayMs: 50, factor: 2, maxDelayMs: 5_000, jitter: 0.2 }

/** Claim → run → write the outcome → store what is not yet stored → finished. */
export class Attempts {
  public constructor(
    private readonly state: StateStore,
    private readonly effects: Effects,
    private readonly log: StreamerLogger,
    private readonly stopped: AbortSignal
  ) {}

  /** Carries the work as far as it goes. Resolves with the failure if it is not finished; rejects with `Stopped` only. */
  public async attempt(work: Work, claim: Claim): Promise<Failure | undefined> {
    if (claim.state === 'finished') {
      await this.commit(work.withFinish)
      return undefined
    }
    if (claim.state === 'elsewhere') {
      return { error: new Error('Another process has claimed the event.'), during: 'storing' }
    }
    let outcome: Outcome | undefined
    try {
      outcome =
        claim.state === 'outcome'
          ? await this.effects.resume(claim.outcome)
          : await this.effects.run(work.link, work.event)
    } catch (error) {
      return { error, during: claim.state === 'outcome' ? 'storing' : 'handler' }
    }
    if (outcome) {
      const failure = await this.store(work, outcome)
      if (failure) return failure
    }
    await this.commit([{ do: 'finish', key: work.key, at: Date.now() }, ...work.withFinish])
    return undefined
  }

  /** Writes changes, however long the state needs to take them; rejects with `Stopped` when the service stops first. */
  public async commit(changes: readonly StateChange[]): Promise<void> {
    if (changes.length > 0) await this.insist(() => this.state.commit(changes))
  }

  /** Claims events, with the same patience. */
  public async claim(keys: readonly InboxKey[], owner: string, claimMs: number): Promise<Claim[]> {
    return this.insist(() => this.state.claim(keys, { owner, now: Date.now(), claimMs }))
  }

  private async insist<T>(work: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await work()
      } catch (error) {
        this.log.error(`The state at ${this.state.name} fails; trying again, nothing is acknowledged meanwhile.`, error)
        await this.pause(delayAfter(failures, STATE_RETRY, Math.random()))
      }
    }
  }

  private async store(work: Work, outcome: Outcome): Promise<Failure | undefined> {
    await this.commit([{ do: 'write-outcome', key: work.key, outcome: outcome.packed }, ...outcome.marks])
    try {
      await outcome.store()
      return undefined
    } catch (error) {
      return { error, during: 'storing' }
    }
  }

  private async pause(ms: number): Promise<void> {
    if (this.stopped.aborted) throw new Stopped()
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        reject(new Stopped())
      }
      const timer = setTimeout(() => {
        this.stopped.removeEventListener('abort', stop)
        resolve()
      }, ms)
      this.stopped.addEventListener('abort', stop, { once: true })
    })
  }
}
