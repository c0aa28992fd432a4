import { failpoint, isStreamerError } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerLogger } from '@boostercloud/streamer-connector'
import { carry } from '../state'
import type { Claim, ClaimRequest, InboxKey, StateChange, StateStore } from '../state'
import { evenNow } from '../timing'
import type { Limiter } from '../timing'
import type { Claimant } from './claimant'
import type { Effects, Outcome } from './effects'
import type { Failure } from './failure'
import { HandlerRuns, keyOf } from './handler-runs'
import { insist } from './insist'
import type { Link } from './link'
import { Renewals } from './renewals'
import type { RunGate } from './run-gate'
import { elsewhere, failureOf, processEnded, suspicionOf } from './run-failure'
import { Stopped } from './stopped'
import type { Turn } from './turns'

/** One handler's work on one event. */
export interface Work {
  readonly link: Link
  readonly request: ClaimRequest
  readonly event: ExternalEvent
  /** What becomes true together with the event being finished. */
  readonly withFinish: readonly StateChange[]
  /** Leave to run it, where it was waited for already. */
  readonly turn?: Turn
}

/** What all attempts of a receiver share. */
export interface AttemptSurroundings {
  /** How many handlers run at once; what they have done is written behind it, so that several share what that costs. */
  readonly limiter: Limiter
  /** What lets the runs of the process in. */
  readonly gate: RunGate
  readonly log: StreamerLogger
  readonly stopped: AbortSignal
}

/** Claim → run → write the outcome → store what is not yet stored → finished. */
export class Attempts {
  public readonly runs: HandlerRuns
  private readonly renewals: Renewals

  public constructor(
    private readonly state: StateStore,
    private readonly effects: Effects,
    private readonly claimant: Claimant,
    private readonly around: AttemptSurroundings
  ) {
    this.runs = new HandlerRuns({
      owner: claimant.owner,
      limiter: around.limiter,
      gate: around.gate,
      stopped: around.stopped,
      commit: (changes) => this.commit(changes),
      failed: ({ handler }, error) => {
        if (error instanceof Stopped || isStreamerError(error, 'CLAIM_LOST')) return
        around.log.warn(`A run of ${handler} could not be recorded.`, error)
      },
    })
    this.renewals = new Renewals(state, claimant, {
      log: around.log,
      isLeft: () => this.runs.isLeft,
      commit: (changes) => this.commit(changes),
    })
  }

  /** Carries the work as far as it goes. Resolves with the failure if it is not finished; rejects with `Stopped` only. */
  public async attempt(work: Work, claim: Claim): Promise<Failure | undefined> {
    if (claim.state === 'elsewhere') return elsewhere
    if (claim.state === 'finished') {
      await this.commit(work.withFinish)
      return undefined
    }
    const { link, request } = work
    const { starts = 0 } = suspicionOf(claim) ?? {}
    if (starts >= link.maxStarts) return { error: processEnded(link, starts), during: 'start' }
    return this.renewals.during([request], () => this.carryOut(work, claim))
  }

  /**
   * The same for several events that a handler takes at once, all of them claimed. Their one outcome is kept with the first; the others
   * are finished together with its being written. Resolves with what is left to be stored, or with the failure of the run, which
   * then concerns them all.
   */
  public async attemptBatch(
    works: readonly Work[],
    turn?: Turn
  ): Promise<{ failure?: Failure; unstored?: Uint8Array }> {
    const requests = works.map(({ request }) => request)
    let outcome: { failure?: Failure; unstored?: Uint8Array } = {}
    const failure = await this.renewals.during(requests, async () => {
      outcome = await this.carryOutBatch(works, turn)
      return outcome.failure
    })
    return { ...outcome, failure }
  }

  /** Writes changes, however long the state needs to take them; rejects with `Stopped` when the service stops first. */
  public async commit(changes: readonly StateChange[]): Promise<void> {
    if (changes.length > 0) await this.insist(() => this.state.commit(changes))
  }

  /** What gives a claim back. */
  public release({ handler, source, id }: InboxKey): StateChange {
    return { do: 'release', key: { handler, source, id }, owner: this.claimant.owner }
  }

  /** What becomes of the claim after a try that failed: it is kept while the run goes on that was given up on. */
  public afterRun({ handler, source, id }: InboxKey, { during, late }: Failure): StateChange {
    const key = { handler, source, id }
    const { owner } = this.claimant
    if (late) return { do: 'excuse-run', key, owner, because: 'over-time', counted: true }
    return { do: 'release', key, owner, ended: during !== 'elsewhere' }
  }

  /** Claims events, with the same patience. */
  public async claim(requests: readonly ClaimRequest[]): Promise<Claim[]> {
    const { owner, claimMs, sole } = this.claimant
    return this.insist(() => this.state.claim(requests, { owner, now: Date.now(), claimMs, sole }))
  }

  /** A claim as it stands: asked for again where it is old enough to have passed to another process while it was queued. */
  public async refreshed(request: ClaimRequest, last?: { claim: Claim; at: number }): Promise<Claim> {
    if (last && evenNow() - last.at < this.claimant.claimMs / 3) return last.claim
    const [claim] = await this.claim([request])
    return claim
  }

  /** A run alone lasts until all of it is stored: that may end the process, too. */
  private async carryOut(work: Work, claim: Claim): Promise<Failure | undefined> {
    const { link, request, turn } = work
    const suspicion = suspicionOf(claim)
    let stored: { failure?: Failure } | undefined
    let outcome: Outcome | undefined
    try {
      outcome = await this.runs.run({ link, requests: [request], suspicion, turn }, async (control) => {
        const result = await this.run(work, claim, control.signal)
        await failpoint('receive.after-run')
        control.handlerEnded()
        if (suspicion) stored = { failure: await this.conclude(work, result, (store) => store()) }
        return result
      })
    } catch (error) {
      return failureOf(error, claim.state === 'outcome' ? 'storing' : 'handler')
    }
    return stored ? stored.failure : this.conclude(work, outcome, (store) => this.around.limiter.run(store))
  }

  /** Stores what is not yet stored, `inTurn` where that is not done in one transaction, and finishes the event. */
  private async conclude(
    work: Work,
    outcome: Outcome | undefined,
    inTurn: (store: () => Promise<Failure | undefined>) => Promise<Failure | undefined>
  ): Promise<Failure | undefined> {
    if (outcome && this.state.carry) return this.storeFinished(work, outcome)
    const failure = outcome && (await inTurn(() => this.store(work, outcome)))
    if (failure) return failure
    await this.commit([{ do: 'finish', key: keyOf(work.request), at: Date.now() }, ...work.withFinish])
    await failpoint('receive.after-finish')
    return undefined
  }

  private async run({ link, event }: Work, claim: Claim, signal: AbortSignal): Promise<Outcome | undefined> {
    await failpoint('receive.before-run')
    return claim.state === 'outcome' ? this.effects.resume(claim.outcome) : this.effects.run(link, event, signal)
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

  private async carryOutBatch(
    works: readonly Work[],
    turn?: Turn
  ): Promise<{ failure?: Failure; unstored?: Uint8Array }> {
    const [first, ...others] = works
    const { owner } = this.claimant
    try {
      const events = works.map(({ event }) => event)
      const requests = works.map(({ request }) => request)
      const outcome = await this.runs.run({ link: first.link, requests, turn }, async (control) => {
        const result = await this.effects.runBatch?.(first.link, events, control.signal)
        await failpoint('receive.after-run')
        control.handlerEnded()
        return result
      })
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
      return { failure: failureOf(error, 'handler') }
    }
  }

  private async storeBatch(first: Work, outcome: Outcome): Promise<{ unstored?: Uint8Array }> {
    try {
      await outcome.store()
    } catch (error) {
      this.around.log.warn(
        `What ${first.link.handler} registered for a batch could not be stored. It is tried again.`,
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

  private insist<T>(work: () => Promise<T>): Promise<T> {
    return insist(work, { ...this.around, name: this.state.name })
  }
}

const ignored = (): void => undefined
