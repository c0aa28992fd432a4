/**
 * A place where deleted bytes may still be.
 * @experimental
 */
export interface Remains {
  /** Where and why, as a sentence. */
  readonly what: string
  /** What removes them, as an imperative sentence. */
  readonly hint: string
  /** Whether to ask once more may remove them. */
  readonly again: boolean
}

/** How many slots the entities of an address are spread over. */
export const SLOTS = 16

/**
 * What an event hands on to those that come of it.
 * @experimental
 */
export interface EventContext {
  readonly correlationId?: string
  readonly causationId?: string
  readonly traceparent?: string
  readonly tracestate?: string
}

/**
 * Says that an event is stored, or about to be, and not yet confirmed by the broker. A reference: the payload stays in the event store.
 * @experimental
 */
export interface PendingMark {
  /** Where to, with its topic. */
  readonly address: string
  /** The event's id, the same at every address. */
  readonly id: string
  readonly typeName: string
  readonly entityTypeName: string
  readonly entityId: string
  /** One of `SLOTS`, the same for all events of an entity: what relays share among themselves. */
  readonly slot: number
  /** Milliseconds since 1970, before the event was stored. */
  readonly markedAt: number
  /** Which run of which process wrote it. */
  readonly owner: string
  readonly context: EventContext
}

/**
 * How far a handler is with an event.
 * @experimental
 */
export type Claim =
  /** Nobody else has it: run the handler. */
  | { readonly state: 'claimed'; readonly suspicion?: Suspicion }
  /** It, or another event of its key, is parked: it is to be parked behind that. */
  | { readonly state: 'behind' }
  /** Another process has begun and may still be at it. */
  | { readonly state: 'elsewhere' }
  /** The handler has run: store what is not yet stored. */
  | { readonly state: 'outcome'; readonly outcome: Uint8Array; readonly suspicion?: Suspicion }
  /** Nothing is left to do. */
  | { readonly state: 'finished' }

/**
 * A process has ended with the claim of an event, for which the event may be the reason.
 * @experimental
 */
export interface Suspicion {
  /** How many of its runs alone, none of which has ended, were counted. */
  readonly starts: number
  /** How many of its runs alone took so long that others did not wait for their end: those are not counted. */
  readonly slow: number
}

/**
 * A handler's run that is under way, or that has not ended with its process.
 * @experimental
 */
export interface KnownRun {
  readonly address: string
  readonly handler: string
  readonly source: string
  readonly id: string
  /** Since when it runs, in milliseconds since 1970; undefined while it waits to be run again. */
  readonly since?: number
  /** Whether its claim is still valid: its process renews that while it lives. */
  readonly isClaimed: boolean
  /** As in {@link Suspicion}: 0 where nothing is suspected. */
  readonly starts: number
}

/**
 * Why an event was parked or given up.
 * @experimental
 */
export interface FailureCause {
  readonly name: string
  readonly message: string
  readonly stack?: string
  /** The code of a `StreamerError`. */
  readonly code?: string
}

/**
 * An event set aside: for a later try, behind one of its key, or as a dead letter.
 * @experimental
 */
export interface ParkedEvent {
  /** Its place in the order of arrival, from 1; undefined before it is stored. */
  readonly place?: number
  readonly address: string
  /** The handler's name; empty for an event that could not be decoded, which concerns every handler. */
  readonly handler: string
  /** What it is ordered by; undefined: by nothing. */
  readonly key?: string
  readonly source: string
  readonly id: string
  /** `retry`: run again at `dueAt`. `follower`: waits for those of its key before it. `dead`: given up. */
  readonly state: 'retry' | 'follower' | 'dead'
  /** Whether a dead letter holds its key back. */
  readonly holds: boolean
  /** Handler runs that failed. */
  readonly attempts: number
  /** Milliseconds since 1970. */
  readonly dueAt: number
  readonly firstAt: number
  readonly lastAt: number
  readonly cause?: FailureCause
  /** The event as `packEvent` wrote it: payload, metadata, original bytes and headers. */
  readonly event: Uint8Array
}

/**
 * What is handled one after another: one key of one handler at one address, or, without key, one event.
 * @experimental
 */
export interface LaneId {
  readonly address: string
  readonly handler: string
  readonly key?: string
  /** For an event without key. */
  readonly source?: string
  /** For an event without key. */
  readonly id?: string
}

/**
 * A lane that is not run live because something of it is parked.
 * @experimental
 */
export interface ParkedLane extends LaneId {
  /** How many are parked on it. */
  readonly parked: number
}
