import { AsyncLocalStorage } from 'node:async_hooks'
import type { StateChange } from '@boostercloud/streamers/state'
import type { Batch } from './batch'
import type { EntityWork } from './entity-work'

/** Which dispatch a call comes from. */
export interface DispatchContext {
  readonly batch: Batch
  /** The entity whose events are handled; undefined between the entities. */
  readonly work?: EntityWork
  /** Whether Booster projects the entity at the moment, rather than run handlers. Default false. */
  readonly projects?: boolean
}

const dispatches = new AsyncLocalStorage<DispatchContext | undefined>()

/** The dispatch that this call comes from; undefined where it comes from a command or a query. */
export function currentDispatch(): DispatchContext | undefined {
  return dispatches.getStore()
}

/** The entity whose events are being dispatched in this call; undefined where none are, or what came of them is being written. */
export function currentWork(): { readonly batch: Batch; readonly work: EntityWork } | undefined {
  const { batch, work } = dispatches.getStore() ?? {}
  return batch && work && !work.isClosed ? { batch, work } : undefined
}

/** Runs work as a part of a dispatch, or, with undefined, of none. */
export function inDispatch<T>(context: DispatchContext | undefined, work: () => T): T {
  return dispatches.run(context, work)
}

/** Changes of the streaming state that wait for the next events to be stored. */
export class Carried {
  private taken = false

  /** `around`: what the call that this one is a part of carries; it goes along. */
  public constructor(
    private readonly changes: readonly StateChange[],
    private readonly committed: () => void,
    private readonly around?: Carried
  ) {}

  /** Whether somebody has taken them along. */
  public get isTaken(): boolean {
    return this.taken
  }

  /** To be called by who writes them; a second one gets none. */
  public take(): { readonly changes: readonly StateChange[]; readonly committed: () => void } {
    if (this.taken) return NOTHING
    this.taken = true
    const around = this.around?.take() ?? NOTHING
    const committed = (): void => {
      this.committed()
      around.committed()
    }
    return { changes: [...around.changes, ...this.changes], committed }
  }

  /** Nobody takes them along any more. */
  public withdraw(): void {
    this.taken = true
  }
}

const NOTHING = { changes: [], committed: (): void => undefined }

const carriers = new AsyncLocalStorage<Carried>()

/** What is to be written together with events that are stored in this call. */
export function currentCarried(): ReturnType<Carried['take']> {
  return carriers.getStore()?.take() ?? NOTHING
}

/** What this call carries so far. */
export function carriedAround(): Carried | undefined {
  return carriers.getStore()
}

/** Runs work whose first stored events take the changes along. */
export function carrying<T>(carried: Carried, work: () => T): T {
  return carriers.run(carried, work)
}

/** Runs work that belongs to no call: what it starts goes on by itself. */
export function outside<T>(work: () => T): T {
  return dispatches.run(undefined, () => carriers.exit(work))
}
