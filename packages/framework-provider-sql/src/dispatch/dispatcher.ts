import { isStreamerError, WakeUp, endsWithin } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { EventEnvelope } from '@boostercloud/framework-types'
import { troubleWith } from '@boostercloud/streamers/state'
import type { Trouble } from '@boostercloud/streamers/state'
import { Batch } from './batch'
import type { WrittenReadModel } from './batch'
import { LEASE_MS } from './claims'
import type { Claims } from './claims'
import { LeaseLost, retryDelay } from './committer'
import type { Committer } from './committer'
import { inDispatch } from './contexts'
import type { EntityWork, WaitingEntity } from './entity-work'
import { Waiters } from './waiters'
import { VersionConflict } from '../read-models/write'

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly claims: Claims
  readonly committer: Committer
  /** Has Booster run handlers and projections for events. Never rejects for what they throw. */
  readonly run: (events: readonly EventEnvelope[]) => Promise<void>
  /** Told what was written of read models. */
  readonly changed: (readModels: readonly WrittenReadModel[]) => void
  readonly log: StreamerLogger
}

/** Milliseconds until a dispatcher that has nothing to do looks by itself. */
const IDLE_MS = 1_000
/** Milliseconds after which a database that failed is looked at again, at the latest. */
const LONGEST_BLIND_MS = 5_000
/** The same while somebody waits for what another process may dispatch. */
const AWAITED_MS = 50
/** Milliseconds after which the next batch does not wait for a slow one. */
const SLOW_MS = 100
/** Batches at once. */
const MOST_BATCHES = 8

/** Store → handlers and read models: takes what is stored and not dispatched, in batches, one after another for each entity. */
export class Dispatcher {
  private readonly waiters = new Waiters()
  private readonly batches = new Set<Promise<void>>()
  private loop?: Promise<void>
  private renewal?: NodeJS.Timeout
  private stopping = false
  private readonly wakeUp = new WakeUp()
  private readonly trouble: Trouble

  public constructor(private readonly options: DispatcherOptions) {
    this.trouble = troubleWith('The dispatch of stored events', options.log)
  }

  /** Begins with what is waiting already, then follows. Returns at once. */
  public start(): void {
    if (this.stopping) return
    this.loop ??= this.follow()
    this.renewal ??= setInterval(() => void this.renew(), LEASE_MS / 3).unref()
  }

  /** Something was stored. */
  public wake(): void {
    this.wakeUp.wake()
  }

  /** Resolves when events, and what comes of them, are dispatched, or have failed once. */
  public async dispatched(events: readonly EventEnvelope[]): Promise<void> {
    const waiting = this.waiters.wait(events)
    this.wake()
    await waiting
  }

  /** Ends after what is under way. */
  public async stop(): Promise<void> {
    this.stopping = true
    this.wake()
    await this.loop
    await Promise.all(this.batches)
    clearInterval(this.renewal)
    this.waiters.release()
  }

  private async follow(): Promise<void> {
    for (let failures = 0; !this.stopping;) {
      try {
        const isIdle = await this.round()
        failures = 0
        this.trouble.worked('reading')
        if (isIdle) {
          await this.settleElsewhere()
          await this.sleep(await this.idleMs())
        }
      } catch (error) {
        failures += 1
        const what = 'Stored events could not be dispatched. They are kept, and tried again.'
        this.trouble.failed('reading', { what, error, level: 'error' })
        await this.sleep(Math.min(LONGEST_BLIND_MS, retryDelay(failures)))
      }
    }
  }

  /** Lets those go who wait for what another process has dispatched. */
  private async settleElsewhere(): Promise<void> {
    const { keys } = this.waiters
    if (keys.length === 0 || this.batches.size > 0) return
    for (const [key, until] of await this.options.claims.progress(keys)) this.waiters.settle(key, until, [])
  }

  /** Starts a batch; answers whether there was nothing for one. */
  private async round(): Promise<boolean> {
    this.wakeUp.forget()
    if (this.batches.size >= MOST_BATCHES) await Promise.race(this.batches)
    const entities = await this.options.claims.take()
    if (entities.length === 0) return true
    const batch = this.dispatch(entities).finally(() => {
      this.batches.delete(batch)
      this.wake()
    })
    this.batches.add(batch)
    await endsWithin(SLOW_MS, batch)
    return false
  }

  private async dispatch(entities: readonly WaitingEntity[]): Promise<void> {
    try {
      const batch = new Batch(entities, true)
      await this.run(batch)
      await this.write(batch)
      this.trouble.worked('writing')
    } catch (error) {
      const what = 'The results of events could not be written. The events are dispatched again.'
      this.trouble.failed('writing', { what, error, level: 'error' })
      await pause(retryDelay(3))
    } finally {
      this.options.claims.done(entities)
    }
  }

  private async run(batch: Batch): Promise<void> {
    const events = [...batch.works.values()].flatMap(({ entity }) => entity.events)
    await inDispatch({ batch }, () => this.options.run(events))
  }

  /** Where something was written meanwhile by others, each entity is projected anew, alone; its handlers are not run again. */
  private async write(batch: Batch, conflicts = 0): Promise<void> {
    try {
      this.settled(batch, await this.options.committer.write(batch))
    } catch (error) {
      const works = [...batch.works.values()]
      const isLost = error instanceof LeaseLost
      if (!isLost && !(error instanceof VersionConflict)) throw error
      if (isLost && works.length === 1) return
      if (works.length === 1) await pause(Math.random() * Math.min(200, 5 * 2 ** conflicts))
      for (const work of works) await this.write(await this.anew(work), conflicts + 1)
    }
  }

  private async anew(work: EntityWork): Promise<Batch> {
    const batch = new Batch([work.entity], false)
    const again = batch.works.get(work.key) as EntityWork
    again.registered = work.registered
    again.failure = work.failure
    await this.run(batch)
    return batch
  }

  private settled(batch: Batch, registered: ReadonlyMap<EntityWork, EventEnvelope[]>): void {
    for (const [work, events] of registered) {
      const { type, id } = work.entity
      const trouble = troubleWith(`A handler or projection of ${type}`, this.options.log)
      if (this.options.committer.isDone(work)) {
        trouble.worked(id)
        this.waiters.settle(work.key, work.until, events)
      } else {
        const what = `Events of ${type} ${id} wait: a handler or projection fails.`
        trouble.failed(id, { what, error: work.failure?.error, level: 'error' })
        this.waiters.settle(work.key, Infinity, [])
      }
    }
    this.options.changed(batch.written)
  }

  private async renew(): Promise<void> {
    try {
      await this.options.claims.renew()
      this.trouble.worked('renewing')
    } catch (error) {
      const what = 'The claims of what this process dispatches could not be renewed.'
      if (!isStreamerError(error, 'CLOSED')) this.trouble.failed('renewing', { what, error })
    }
  }

  private async idleMs(): Promise<number> {
    if (this.waiters.keys.length > 0) return AWAITED_MS
    const now = Date.now()
    const due = await this.options.claims.nextDue(now)
    return due === undefined ? IDLE_MS : Math.min(IDLE_MS, Math.max(1, due - now))
  }

  private async sleep(ms: number): Promise<void> {
    if (!this.stopping) await this.wakeUp.sleep(ms)
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
