import type { Backoff } from '../timing'

/**
 * How a handler's failures are met.
 * @public
 */
export interface RetryPolicy extends Backoff {
  /** Handler runs in all, the first one included; after the last one that fails the event is a dead letter. */
  readonly attempts: number
  /**
   * Errors that no further try can help, by their class or by their `name`: the event is a dead letter at once. Subclasses count, causes do not. A handler
   * may also throw a `DoNotRetryError`. Default: none.
   */
  readonly neverRetry?: readonly (ErrorClass | string)[]
}

/**
 * A class of errors.
 * @public
 */
// Whatever it takes to make one.
export type ErrorClass = abstract new (...parameters: never[]) => Error

/**
 * One event class, one address, one handler.
 * @experimental
 */
export interface Link {
  /** With its topic. */
  readonly address: string
  /** The handler's name: its class's, unless it says another. */
  readonly handler: string
  /** The event class's name; undefined: every event of the address, as it came. */
  readonly typeName?: string
  /** What the events that it takes are called on the wire, the class's own type first. Default: `typeName`. */
  readonly types?: readonly string[]
  readonly retry: RetryPolicy
  /** How many runs of an event may begin alone, and not end since the process does, before it is a dead letter. */
  readonly maxStarts: number
  /** How long a run may take, in milliseconds; undefined: as long as it likes. */
  readonly timeoutMs?: number
  /** Whether a dead letter holds its key back until someone redrives or discards it. */
  readonly afterDeadLetter: 'hold' | 'continue'
  /** How many may queue behind a dead letter; those beyond become dead letters too, in order. */
  readonly holdLimit: number
  /** How long an event of a newer version than the service knows waits, in milliseconds, before it becomes a dead letter. */
  readonly newerVersionLimitMs: number
  /** How many events the handler takes at once at most; undefined: one by one. */
  readonly batchSize?: number
  /** How many runs of the handler there are at once in a process; undefined: as many as of its address. */
  readonly concurrency?: number
  /** How many runs of the handler begin in a second, in a process; undefined: as many as there are. */
  readonly maxPerSecond?: number
  /** Whose events are taken; undefined: everybody's. */
  readonly allowedSources?: readonly string[]
}
