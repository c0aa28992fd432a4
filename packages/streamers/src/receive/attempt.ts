import { failpoint, isStreamerError } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerLogger } from '@boostercloud/streamer-connector'
import { carry } from '../state'
import type { Claim, ClaimRequest, InboxKey, StateChange, StateStore } from '../state'
import { delayAfter } from '../timing'
import type { Limiter } from '../timing'
import type { Effects, Outcome } from './effects'
import type { Failure } from './failure'
import type { Link } from './link'

/** One handler's work on one event. */
export interface Work {
  readonly link: Link
  readonly request: ClaimRequest
  readonly event: ExternalEvent
  /** What becomes true together with the event being finished. */
  readonly withFinish: readonly StateChange[]
}

/** Thrown where the service stops before something durable could be written: the event stays unsettled and comes again. */
export class Stopped extends Error {}

/** Who runs handlers, and for how long what it claims is its own. */
export interface Claimant {
  readonly owner: string
  /** Milliseconds; renewed while a handler runs. */
  readonly claimMs: number
}

/** What all attempts of a receiver share. */
export interface AttemptSurroundings {
  /** How many handlers run at once; what they have done is written behind it, so that several share what that costs. */
  readonly limiter: Limiter
  readonly log: StreamerLogger
  readonly stopped: AbortSignal
}

const STATE_RETRY = { firstDelayMs: 50, factor: 2, maxDelayMs: 5_000, jitter: 0.2 }

/** Claim → run → write the outcome → store what is not yet stored → finished. */
export class Attempts {
  public constructor(
    private readonly state: StateStore,
    private readonly effects: Effects,
    private readonly claimant: Claimant,
    private readonly around: AttemptSurroundings
  ) {}

  /** Carries the work as far as it goes. Resolves with the failure if it is not finished; rejects with `Stopped` only. */
  public async attempt(work: Work, claim: Claim): Promise<Failure | undefined> {
    if (claim.state === 'elsewhere') return elsewhere
    if (claim.state === 'finished') {
      await this.commit(work.withFinish)
      return undefined
    }
    const renewal = setInterval(() => this.renew(work.request), this.claimant.claimMs / 3)
    try {
      return await this.carryOut(work, claim)
    } finally {
      clearInterval(renewal)
    }
  }

  /**
   * The same for several events that a handler takes at once, all of them claimed. Their one outcome is kept with the first; the others
   * are finished together with its being written. Resolves with what is left to be stored, or with the failure of the run, which
   * then concerns them all.
   */
  public async attemptBatch(works: readonly Work[]): Promise<{ failure?: Failure; unstored?: Uint8Array }> {
    const renewal = setInterval(() => works.forEach(({ request }) => this.renew(request)), this.claimant.claimMs / 3)
    try {
      return await this.carryOutBatch(works)
    } finally {
      clearInterval(renewal)
    }
  }

  /** Writes changes, however long the state needs to take them; rejects with `Stopped` when the service stops first. */
  public async commit(changes: readonly StateChange[]): Promise<void> {
    if (changes.length > 0) await this.insist(() => this.state.commit(changes))
  }

  /** What gives a claim back. */
  public release({ handler, source, id }: InboxKey): StateChange {
    return { do: 'release', key: { handler, source, id }, owner: this.claimant.owner }
  }

  /** Claims events, with the same patience. */
  public async claim(requests: readonly ClaimRequest[]): Promise<Claim[]> {
    const { owner, claimMs } = this.claimant
    return this.insist(() => this.state.claim(requests, { owner, now: Date.now(), claimMs }))
  }

  /** A claim as it stands: asked for again where it is old enough to have passed to another process while it was queued. */
  public async refreshed(request: ClaimRequest, last?: { claim: Claim; at: number }): Promise<Claim> {
    if (last && Date.now() - last.at < this.claimant.claimMs / 3) return last.claim
    const [claim] = await this.claim([request])
    return claim
  }

  private async carryOut(work: Work, claim: Claim): Promise<Failure | undefined> {
    let outcome: Outcome | undefined
    try {
      outcome = await this.around.limiter.run(() => this.run(work, claim))
      await failpoint('receive.after-run')
    } catch (error) {
      return { error, during: claim.state === 'outcome' ? 'storing' : 'handler' }
    }
    if (outcome && this.state.carry) return this.storeFinished(work, outcome)
    const failure = outcome && (await this.storeInTurn(work, outcome))
    if (failure) return failure
    await this.commit([{ do: 'finish', key: keyOf(work.request), at: Date.now() }, ...work.withFinish])
    await failpoint('receive.after-finish')
    return undefined
  }

  private storeInTurn(work: Work, outcome: Outcome): Promise<Failure | undefined> {
    return this.around.limiter.run(() => this.store(work, outcome))
  }

  private async run({ link, event }: Work, claim: Claim): Promise<Outcome | undefined> {
    await failpoint('receive.before-run')
    return claim.state === 'outcome' ? this.effects.resume(claim.outcome) : this.effects.run(link, event)
  }

  /** All at once: the outcome need not be kept, as it is stored when the event is finished, or the event is not. */
  private async storeFinished({ request, withFinish }: Work, outcome: Outcome): Promise<Failure | undefined> {
    const { owner } = this.claimant
    const finish: StateChange = { do: 'finish', key: keyOf(request), at: Date.now(), owner }
    try {
      await carry(this.state, [finish, ...withFinish, ...outcome.marks], () => outcome.store(), ignored)
    } catch (error) {
      return isStreamerError(error, 'CLAIM_LOST') ? elsewhere : { error, during: 'storing' }
    }
    await failpoint('receive.after-finish')
    return undefined
  }

  private async carryOutBatch(works: readonly Work[]): Promise<{ failure?: Failure; unstored?: Uint8Array }> {
    const [first, ...others] = works
    const { owner } = this.claimant
    try {
      const events = works.map(({ event }) => event)
      const outcome = await this.around.limiter.run(async () => this.effects.runBatch?.(first.link, events))
      await failpoint('receive.after-run')
      const at = Date.now()
      const finish = ({ request }: Work): StateChange => ({ do: 'finish', key: keyOf(request), at, owner })
      if (!outcome) {
        await this.commit(works.map(finish))
        return {}
      }
      if (this.state.carry) {
        await carry(this.state, [...works.map(finish), ...outcome.marks], () => outcome.store(), ignored)
        return {}
      }
      const write: StateChange = { do: 'write-outcome', key: keyOf(first.request), owner, outcome: outcome.packed }
      await this.commit([write, ...outcome.marks, ...others.map(finish)])
      await failpoint('receive.after-outcome')
      return await this.storeBatch(first, outcome)
    } catch (error) {
      if (error instanceof Stopped) throw error
      return { failure: isStreamerError(error, 'CLAIM_LOST') ? elsewhere : { error, during: 'handler' } }
    }
  }

  private async storeBatch(first: Work, outcome: Outcome): Promise<{ unstored?: Uint8Array }> {
    try {
      await outcome.store()
    } catch (error) {
      this.around.log.warn(
        `What ${first.link.handler} registered for a batch could not be stored; it is tried again.`,
        error
      )
      return { unstored: outcome.packed }
    }
    await failpoint('receive.after-store')
    await this.commit([{ do: 'finish', key: keyOf(first.request), at: Date.now() }])
    return {}
  }

  private async store({ request }: Work, outcome: Outcome): Promise<Failure | undefined> {
    const { owner } = this.claimant
    try {
      await this.commit([
        { do: 'write-outcome', key: keyOf(request), owner, outcome: outcome.packed },
        ...outcome.marks,
      ])
    } catch (error) {
      if (isStreamerError(error, 'CLAIM_LOST')) return elsewhere
      throw error
    }
    await failpoint('receive.after-outcome')
    try {
      await outcome.store()
    } catch (error) {
      return { error, during: 'storing' }
    }
    await failpoint('receive.after-store')
    return undefined
  }

  private renew(request: ClaimRequest): void {
    const { owner, claimMs } = this.claimant
    this.state
      .claim([{ ...request, fromPark: true }], { owner, now: Date.now(), claimMs })
      .catch((error: unknown) => this.around.log.warn(`A claim of ${request.handler} could not be renewed.`, error))
  }

  private async insist<T>(work: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await work()
      } catch (error) {
        if (isStreamerError(error, 'CLAIM_LOST')) throw error
        this.around.log.error(
          `The state at ${this.state.name} fails; trying again, nothing is acknowledged meanwhile.`,
          error
        )
        await this.pause(delayAfter(failures, STATE_RETRY, Math.random()))
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    if (this.around.stopped.aborted) throw new Stopped()
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        reject(new Stopped())
      }
      const timer = setTimeout(() => {
        this.around.stopped.removeEventListener('abort', stop)
        resolve()
      }, ms)
      this.around.stopped.addEventListener('abort', stop, { once: true })
    })
  }
}

const ignored = (): void => undefined

const elsewhere: Failure = { error: new Error('Another process has claimed the event.'), during: 'elsewhere' }

function keyOf({ handler, source, id }: ClaimRequest): InboxKey {
  return { handler, source, id }
}
