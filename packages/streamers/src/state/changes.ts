import type { IgnoredType } from './ignored-types'
import type { ParkedEvent, PendingMark } from './records'
import type { Timer } from './timers'

/**
 * Whose entry in the inbox: one handler, one event.
 * @experimental
 */
export interface InboxKey {
  /** The handler's name: its class's, unless it says another. */
  readonly handler: string
  /** Where the event's id was given; with `id` unique. */
  readonly source: string
  readonly id: string
}

/**
 * What is claimed, and on which lane it would be run.
 * @experimental
 */
export interface ClaimRequest extends InboxKey {
  readonly address: string
  /** Undefined: the event orders nothing. */
  readonly key?: string
  /** Whether it is tried again from the park, where it is not behind itself. */
  readonly fromPark?: boolean
}

/**
 * One change of durable state. A list of them is committed together or not at all (`StateStore.commit`), which is all the
 * atomicity that the relay and the receiver ask for.
 * @experimental
 */
export type StateChange =
  /** The event is about to be stored and is to be published. Marking the same address and id again takes the mark over, at its place. */
  | { readonly do: 'mark-pending'; readonly mark: PendingMark }
  /** The broker has confirmed these, or they were never stored. With an owner, marks that another has taken over stay. */
  | { readonly do: 'unmark'; readonly address: string; readonly ids: readonly string[]; readonly owner?: string }
  /** The streamer refuses this event for good; its mark stays, with the reason, and is not tried again. */
  | { readonly do: 'refuse'; readonly address: string; readonly id: string; readonly cause: string }
  /**
   * What a handler registered for an event: from now on the handler is not run again for it, only this is stored. The whole commit is
   * refused with `CLAIM_LOST` where the owner's claim has passed to another.
   */
  | { readonly do: 'write-outcome'; readonly key: InboxKey; readonly owner: string; readonly outcome: Uint8Array }
  /**
   * The event's effects are complete for this handler. Removes its outcome. With an owner, the whole commit is refused with `CLAIM_LOST`
   * where that owner's claim has passed to another.
   */
  | { readonly do: 'finish'; readonly key: InboxKey; readonly at: number; readonly owner?: string }
  /**
   * Gives a claim back that has no outcome; one that has passed to another stays with it. What is known of runs that did not end stays, unless
   * `ended` says that a run of this claim has.
   */
  | { readonly do: 'release'; readonly key: InboxKey; readonly owner: string; readonly ended?: boolean }
  /**
   * A handler's run has begun. `counts`: it runs alone, as a process has ended with a claim of it before; it is one start more until an end is
   * written. Without that, it is only to be seen from outside. The whole commit is refused with `CLAIM_LOST` where the claim has passed to another.
   */
  | {
      readonly do: 'begin-run'
      readonly key: InboxKey
      readonly owner: string
      readonly address: string
      /** Milliseconds since 1970. */
      readonly at: number
      readonly counts: boolean
    }
  /**
   * A run that has begun says nothing against its event any more. `over-time`: it counts as ended, and its claim is kept while it goes on.
   * `in-company`: its start was counted, and others now run beside it. `left`: its process ends in an orderly way while it goes on; the claim
   * belongs to nobody, and passes to another when it is over. `counted`: whether its start was.
   */
  | {
      readonly do: 'excuse-run'
      readonly key: InboxKey
      readonly owner: string
      readonly because: 'over-time' | 'in-company' | 'left'
      readonly counted: boolean
    }
  /**
   * Sets an event aside; it takes its place behind what is parked already. Where it is parked already it keeps its place, and attempts are
   * added to those that were made before.
   */
  | { readonly do: 'park'; readonly event: ParkedEvent }
  /** What a further attempt at a parked event came to. */
  | { readonly do: 'repark'; readonly place: number; readonly event: ParkedEvent }
  /** Takes a parked event or a dead letter away. */
  | { readonly do: 'unpark'; readonly place: number }
  /** A dead letter is to be tried again, at its place in the order of its key. */
  | { readonly do: 'redrive'; readonly place: number; readonly at: number }
  /** A parked event that waits for a later try is due at `at`, in milliseconds since 1970. Its attempts still count. */
  | { readonly do: 'retry-now'; readonly place: number; readonly at: number }
  /** A refused event is to be sent again. */
  | { readonly do: 'unrefuse'; readonly address: string; readonly id: string }
  /** A link hands no event to its handler, or does again. */
  | { readonly do: 'pause-link'; readonly address: string; readonly handler: string; readonly paused: boolean }
  /**
   * Events of types that no handler takes have come, in addition to those that were counted before. Types of that address which were not seen for
   * a week are forgotten.
   */
  | { readonly do: 'count-ignored'; readonly ignored: IgnoredType }
  /** Something is due at a time. A timer of the same handler and name is replaced: it is moved. With `ifNone`, that one stays, and nothing is set. */
  | { readonly do: 'set-timer'; readonly timer: Timer; readonly ifNone?: boolean }
  /** A timer is not to fire. With an id, that setting of it only: one that was moved meanwhile stays. */
  | { readonly do: 'cancel-timer'; readonly handler: string; readonly name: string; readonly id?: string }
  /** Tells running services that something was changed from outside. */
  | { readonly do: 'notify' }
  /** Everything of this address up to here is settled. `lazily`: with the power it may be lost, and the one before counts. */
  | { readonly do: 'move-position'; readonly address: string; readonly position: string; readonly lazily?: boolean }
