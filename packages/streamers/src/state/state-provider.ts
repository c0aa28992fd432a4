import type { StateStore } from './state-store'

/**
 * Whose state it is.
 * @experimental
 */
export interface StateOwner {
  readonly appName: string
  readonly environment: string
}

/**
 * How long what is done with is kept, in milliseconds.
 * @experimental
 */
export interface Retention {
  readonly inboxMs: number
  /** Of dead letters that hold nothing. */
  readonly deadLetterMs: number
}

/**
 * Where a service keeps its state: given as `config.streaming.state`.
 * @experimental
 */
export interface StateProvider {
  /** Whether the replicas of a service share it. If not, a second service process on it is refused at boot. */
  readonly shared: boolean
  /** Whether it forgets by itself what has been kept for long enough, so that nobody need ask it to. Default false. */
  readonly forgetsByItself?: boolean
  /**
   * Whether the event store reports all it stores (a stream of its table), and what it reports is published from there: then nothing is marked
   * before it is stored, and no relay runs beside. Default false.
   */
  readonly publishedFromStream?: boolean
  /** Opens the state of a service. Rejects with a `STORAGE_…` error. */
  open(owner: StateOwner, retention?: Retention): Promise<StateStore>
}
