import type { ClaimRequest, StateChange } from './changes'
import type { IgnoredType } from './ignored-types'
import type { Renamed, Renaming } from './renaming'
import type { IdentityNote, StateIdentity } from './move/state-identity'
import type { StateRow, StateRowCounts } from './move/state-rows'
import type { Timer, TimersPage } from './timers'
import type { Claim, FailureCause, KnownRun, LaneId, ParkedEvent, ParkedLane, PendingMark, Remains } from './records'

/**
 * All durable state of streaming, behind one port: pending marks, the inbox with its outcomes, the park with its dead letters,
 * and positions. There is one way to write, `commit`, and a few questions to ask.
 * @experimental
 */
export interface StateStore {
  /** What it is, for messages: a path without secrets. */
  readonly name: string
  /** How many events of a batch can be finished in one commit. Undefined: any number. */
  readonly largestBatch?: number

  /**
   * Writes all of the changes, in order, or none of them; durable when it resolves, but for what is lazy. Rejects with a `STORAGE_…` error.
   * Concurrent commits may share one transaction.
   */
  commit(changes: readonly StateChange[]): Promise<void>

  /**
   * Present where events and state are in one database. Runs `store` and commits the changes in the transaction in which it stores its
   * first events, or by themselves where it stores none: both become durable, or neither. So an event whose mark can be read is stored, and the
   * marks of an entity stand in the order in which its events were stored: the relay relies on that.
   *
   * Resolves and rejects as `store` does. `committed` is called with what `store` resolved with when the changes are durable; that may be
   * later, where the events are part of a larger transaction.
   */
  carry?<T>(changes: readonly StateChange[], store: () => Promise<T>, committed: (result: T) => void): Promise<T>

  /**
   * Claims events for handlers: each answer stands at its request's place. A claim that is not finished, whether its outcome is
   * written or not, holds against other owners until `claimMs` are over; the same owner may claim again, which makes it last longer. One that is
   * said to last for more than a minute longer was made by a clock that was wrong, and is over.
   * Where a claim passes from one owner to another, who has not given it back, its event is under suspicion until a run of it has ended.
   */
  claim(requests: readonly ClaimRequest[], claim: ClaimTerms): Promise<Claim[]>

  /**
   * Takes or renews leases by their names, those that nobody else holds, and answers which are held now. They last until `now` +
   * `leaseMs`, a minute at most. One that is said to last for more than a minute longer was made by a clock that was wrong, and is over.
   */
  lease(names: readonly string[], lease: { owner: string; now: number; leaseMs: number }): Promise<string[]>
  /** Who holds leases whose names begin so at that time (milliseconds since 1970), by name. */
  leaseHolders(prefix: string, now: number): Promise<ReadonlyMap<string, string>>
  /** Gives leases back. */
  release(names: readonly string[], owner: string): Promise<void>

  /** The addresses that have marks which are not refused. */
  pendingAddresses(): Promise<string[]>
  /** Marks of an address in the order they were written, without the refused ones. */
  pendingMarks(address: string, page: MarksPage): Promise<(PendingMark & { readonly place: number })[]>

  /** The lanes on which something is parked that keeps them from being run live. */
  parkedLanes(address: string): Promise<ParkedLane[]>
  /** The parked events that block a lane, oldest first. */
  parkedOf(lane: LaneId, limit: number): Promise<ParkedEvent[]>
  /** What waits in the park for a later try, or behind one that does, oldest first, after a place. Without the dead letters. */
  parkedEvents(limit: number, after?: number): Promise<ParkedEvent[]>
  /** Dead letters, oldest first, after a place among them. */
  deadLetters(limit: number, after?: number): Promise<ParkedEvent[]>
  /** Marks of events that their streamer refuses, with the reason. */
  refusedMarks(limit: number): Promise<(PendingMark & { readonly cause: string })[]>
  /** The links that are paused. */
  pausedLinks(): Promise<{ readonly address: string; readonly handler: string }[]>
  /** A number that grows with each `notify`. */
  revision(): Promise<number>

  /** Timers in the order in which they are due. */
  dueTimers(page: TimersPage): Promise<Timer[]>
  /** When the next timer is due, in milliseconds since 1970; undefined where there is none. Its cost does not grow with how many wait. */
  nextTimerAt(): Promise<number | undefined>
  /** A timer by its name; undefined where it has fired, was cancelled, or never was. */
  timer(handler: string, name: string): Promise<Timer | undefined>
  /**
   * Counts the delays of timers from `now` on that were set more than a minute after `now`, by a clock that was ahead, and answers how many there
   * were. Milliseconds since 1970.
   */
  correctTimers(now: number): Promise<number>

  /** How far an address is settled; undefined before anything was. */
  position(address: string): Promise<string | undefined>
  /** All positions, by the names under which they are kept: an address, or `address#handler`. */
  positions(): Promise<{ readonly name: string; readonly position: string }[]>

  /** Who it is, and what it knows of other states of the service. */
  identity(): Promise<StateIdentity>
  /** Remembers or forgets something of other states. */
  noteIdentity(notes: readonly IdentityNote[]): Promise<void>
  /** Whether it keeps anything that would be missed: pending, handled or parked events, paused links, positions. */
  hasContent(): Promise<boolean>
  /**
   * Gives everything of a handler or an address another name. On SQL in one transaction; on DynamoDB row by row, the inbox first, so that what
   * was handled is not handled again, and repeated after a failure it goes on. Rejects with `OPTION_INVALID` where both names have what only one
   * can have, and with `STORAGE_BUSY` where a claim under the old name lasts beyond `now`; then nothing is changed.
   */
  rename(renaming: Renaming, now: number): Promise<Renamed>
  /** All that another state would take over. To be read while no service runs on it. */
  rows(): AsyncIterable<StateRow>
  /**
   * Takes over what another state, by its id if it is known, has kept. Rejects with `OPTION_INVALID` where this state is not empty, unless its
   * content was handed over before; then that is replaced. What fails leaves it empty.
   */
  takeIn(rows: AsyncIterable<StateRow>, from?: string): Promise<StateRowCounts>

  /** What has come and no handler took, by address and type. Counts may be too low: they are written from time to time. */
  ignoredTypes(): Promise<IgnoredType[]>

  /** Runs that last, and those that have not ended with their process, of unfinished events. */
  knownRuns(now: number): Promise<KnownRun[]>

  /** How much there is of each, for health and for tests. */
  counts(): Promise<StateCounts>
  /** Marks that are not refused, by address. */
  pendingByAddress(): Promise<ReadonlyMap<string, PendingCount>>
  /** What is parked, by link; links that have nothing are left out. */
  parkedByLink(): Promise<ParkedCount[]>
  /** The last failure of each link, of the events that are parked or dead; links without any are left out. */
  lastFailures(): Promise<LinkFailure[]>

  /** Forgets finished inbox entries from before then (milliseconds since 1970), and answers how many. */
  expireInbox(before: number, plausible?: PlausibleTime): Promise<number>
  /** Forgets dead letters that hold nothing and were given up before then, and answers how many. */
  expireDeadLetters(before: number, plausible?: PlausibleTime): Promise<number>
  /** Removes what is parked, dead, or waits in a timer, of one key: a person's data. Answers how many. Their bytes may still be somewhere: see `shred`. */
  forgetKey(key: string): Promise<number>
  /** Sees to it that what was removed is in no file any more, and answers where it may still be. */
  shred?(): Promise<readonly Remains[]>
  /**
   * Resolves where the state can be written now: by a small write, unless another has just been durable. Rejects with a `STORAGE_…` error
   * where it cannot be, or where writes of the last five seconds were refused. For health.
   */
  probe?(): Promise<void>

  /** Writes what is under way and lets go. May be called twice. */
  close(): Promise<void>
}

/**
 * What was dated outside of this time was dated by a clock that was wrong: it is not forgotten yet, and counts from `now` on. Milliseconds since 1970.
 * @experimental
 */
export interface PlausibleTime {
  readonly from: number
  readonly to: number
  readonly now: number
}

/**
 * Who claims, and for how long.
 * @experimental
 */
export interface ClaimTerms {
  readonly owner: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** A minute at most. */
  readonly claimMs: number
  /** Whether no other owner lives: then their claims need not be over. Default false. */
  readonly sole?: boolean
}

/**
 * Which marks are asked for.
 * @experimental
 */
export interface MarksPage {
  readonly limit: number
  /** Those behind this place only. */
  readonly after?: number
  /** Those of these slots only. */
  readonly slots?: readonly number[]
}

/**
 * What waits for a broker.
 * @experimental
 */
export interface PendingCount {
  readonly count: number
  /** When the oldest of them was written, in milliseconds since 1970. */
  readonly oldestAt: number
}

/**
 * What is set aside of a link.
 * @experimental
 */
export interface ParkedCount {
  readonly address: string
  /** Empty for what could not be given to any handler. */
  readonly handler: string
  /** Without the dead letters. */
  readonly parked: number
  readonly deadLetters: number
  /** When the next of them is tried, in milliseconds since 1970; undefined where nothing waits for a later try. */
  readonly nextTryAt?: number
}

/**
 * How a link failed last.
 * @experimental
 */
export interface LinkFailure {
  readonly address: string
  /** Empty for what could not be given to any handler. */
  readonly handler: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly cause: FailureCause
}

/**
 * How much is kept.
 * @experimental
 */
export interface StateCounts {
  readonly pending: number
  readonly refused: number
  /** Undefined where counting would read all of it. */
  readonly inbox?: number
  readonly parked: number
  readonly deadLetters: number
  /** Undefined where counting would read all of them. */
  readonly timers?: number
}
