import { failpoint, isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { carry } from '../state'
import type { Claim, ClaimRequest, InboxKey, StateChange, StateStore, Timer } from '../state'
import { troubleWith } from '../timing'
import type { TimerEffects, TimerOutcome } from './timer-effects'

/** Timers that fire in one commit, at most; fewer where the state takes fewer changes at once. */
const BATCH = 100
/** Changes that one timer may need: its end, its going, and marks of its event. */
const CHANGES_EACH = 4
/** Under what source a timer is claimed in the inbox. */
const TIMER_SOURCE = 'timer'
/** Milliseconds that a claim lasts; renewed while it is needed. */
const CLAIM_MS = 30_000

/**
 * What firing needs to know.
 * @internal
 */
export interface FiringOptions {
  readonly state: StateStore
  /** For whom timers fire; those of other handlers wait. */
  readonly effects: readonly TimerEffects[]
  /** This run of this process. */
  readonly owner: string
  /** Whether no other process has the state: what others have claimed is free then. */
  readonly sole: boolean
  readonly log: StreamerLogger
}

/**
 * Fires timers that are due, each once whatever dies: claims it in the inbox, stores what it comes to, and finishes the claim as it takes the
 * timer away. Where the state is in the database of the events, all but the claim is one transaction.
 */
export class Firing {
  private readonly effects: ReadonlyMap<string, TimerEffects>
  private readonly size: number
  /** Ids of timers with which a try of this process has failed. */
  private readonly failed = new Set<string>()

  public constructor(private readonly options: FiringOptions) {
    const { effects, state } = options
    this.effects = new Map(effects.map((one) => [one.handler, one]))
    this.size = state.largestBatch === undefined ? BATCH : Math.max(1, Math.floor(state.largestBatch / CHANGES_EACH))
  }

  /**
   * Fires all that is due, in the order in which it is. A timer that fails, or that another process fires at the moment, is looked at again the next time.
   * Until then, later timers of its key wait, and others go on. Rejects with a `STORAGE_…` error where the state fails.
   */
  public async fireDue(signal: AbortSignal): Promise<void> {
    const { state } = this.options
    const left = new Left()
    let after: Timer | undefined
    while (!signal.aborted) {
      const page: Timer[] = await state.dueTimers({ by: Date.now(), limit: this.size, after })
      const before = left.count
      for (const timers of ofOneHandler(page)) {
        const effects = this.effects.get(timers[0].handler)
        if (effects) await this.fireAll(effects, timers, left)
        else timers.forEach((timer) => left.add(timer))
      }
      if (page.length < this.size) return
      // Where nothing is left of a page, there is nothing to skip: a store may have to read all that is due at the same time for that.
      if (left.count > before) after = page[page.length - 1]
    }
  }

  /** All at once; one by one where that fails. */
  private async fireAll(effects: TimerEffects, page: readonly Timer[], left: Left): Promise<void> {
    const timers = left.free(page)
    if (timers.length === 0) return
    try {
      await this.fire(effects, timers, left)
    } catch (error) {
      // Also where the state fails: by then, the events may be stored.
      for (const { id } of timers) this.failed.add(id)
      if (timers.length > 1) {
        for (const timer of timers) await this.fireAll(effects, [timer], left)
        return
      }
      if (isOfState(error)) throw error
      left.add(timers[0])
      this.tell(timers[0], error)
    }
  }

  private async fire(effects: TimerEffects, timers: readonly Timer[], left: Left): Promise<void> {
    const { state } = this.options
    const claims = await this.claim(timers)
    await failpoint('timers.after-claim')
    const those = (state: Claim['state']): Timer[] => timers.filter((_, index) => claims[index].state === state)
    const [gone, elsewhere] = [those('finished'), those('elsewhere')]
    if (gone.length > 0) await state.commit(gone.map(taken))
    for (const { id } of gone) this.failed.delete(id)
    const own = left.free(
      timers.filter((timer) => !gone.includes(timer)),
      elsewhere
    )
    if (own.length === 0) return
    const isSuspected = claims.some((claim) => 'suspicion' in claim)
    const renewal = setInterval(() => this.renew(own), CLAIM_MS / 3)
    try {
      const outcome = await effects.outcomeOf(own, isSuspected || own.some(({ id }) => this.failed.has(id)))
      await this.conclude(own, outcome)
    } catch (error) {
      // Another process has taken over one that this one was too slow with, and fires it. The others are looked at again: they may be stored.
      if (!isStreamerError(error, 'CLAIM_LOST')) throw error
      for (const timer of own) {
        this.failed.add(timer.id)
        left.add(timer)
      }
      return
    } finally {
      clearInterval(renewal)
    }
    for (const { id } of own) this.failed.delete(id)
    await failpoint('timers.after-finish')
  }

  private async conclude(timers: readonly Timer[], outcome: TimerOutcome): Promise<void> {
    const { state, owner } = this.options
    const at = Date.now()
    const finish = (timer: Timer): StateChange => ({ do: 'finish', key: keyOf(timer), at, owner })
    const over = [...timers.map(finish), ...timers.map(taken)]
    if (state.carry) {
      await carry(
        state,
        [...over, ...outcome.marks],
        () => outcome.store(),
        () => undefined
      )
      return
    }
    if (outcome.marks.length > 0) await state.commit(outcome.marks)
    await failpoint('timers.after-mark')
    await outcome.store()
    await failpoint('timers.after-store')
    await state.commit(over)
  }

  private claim(timers: readonly Timer[]): ReturnType<StateStore['claim']> {
    const { state, owner, sole } = this.options
    return state.claim(timers.map(requestOf), { owner, now: Date.now(), claimMs: CLAIM_MS, sole })
  }

  private renew(timers: readonly Timer[]): void {
    const { log } = this.options
    this.claim(timers).catch((error: unknown) => log.warn('Claims of timers could not be renewed.', error))
  }

  private tell({ handler, name }: Timer, error: unknown): void {
    const what = `A delayed event that is due could not be stored. It is kept, and tried again.`
    troubleWith('Storing delayed events', this.options.log).happened({ what, error, fields: { handler, name } })
  }
}

/** What one look leaves to the next: timers, and the keys of which an earlier timer is not stored yet. */
class Left {
  private readonly keys = new Set<string>()
  private number = 0

  /** How many timers. */
  public get count(): number {
    return this.number
  }

  /** A timer is not stored: later ones of its key wait. */
  public add({ key }: Timer): void {
    this.number += 1
    if (key !== undefined) this.keys.add(key)
  }

  /** Those that need not wait for an earlier one of their key. `elsewhere`: those of them that another process has. */
  public free(timers: readonly Timer[], elsewhere: readonly Timer[] = []): Timer[] {
    return timers.filter((timer) => {
      const waits = elsewhere.includes(timer) || (timer.key !== undefined && this.keys.has(timer.key))
      if (waits) this.add(timer)
      return !waits
    })
  }
}

/** A page of timers in parts that follow each other, each of one handler. */
function ofOneHandler(page: readonly Timer[]): Timer[][] {
  const parts: Timer[][] = []
  for (const timer of page) {
    const last = parts[parts.length - 1]
    if (last?.[0].handler === timer.handler) last.push(timer)
    else parts.push([timer])
  }
  return parts
}

function keyOf({ handler, id }: Timer): InboxKey {
  return { handler, source: TIMER_SOURCE, id }
}

/** The park knows nothing of timers, so that it need not be asked. */
function requestOf(timer: Timer): ClaimRequest {
  return { ...keyOf(timer), address: TIMER_SOURCE, fromPark: true }
}

function taken({ handler, name, id }: Timer): StateChange {
  return { do: 'cancel-timer', handler, name, id }
}

function isOfState(error: unknown): boolean {
  return isStreamerError(error) && error.code.startsWith('STORAGE_')
}
