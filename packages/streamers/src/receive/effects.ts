import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { StateChange } from '../state'
import type { Link } from './link'

/**
 * What a handler registered for one event, ready to be stored.
 * @internal
 */
export interface Outcome {
  /** The registered events with their ids, as `Effects.resume` reads them. */
  readonly packed: Uint8Array
  /** Pending marks of those that are streamed on, to be committed with the outcome. */
  readonly marks: readonly StateChange[]
  /** Stores them: all, or after `resume` those that are not stored yet. */
  store(): Promise<void>
}

/**
 * What the receiver asks of the service it runs in.
 * @internal
 */
export interface Effects {
  /**
   * Runs the handler. Resolves with what it registered, undefined if nothing, storing none of it; rejects as the handler does. `signal`, which the
   * handler is given, aborts when the run is given up on: what it comes to is discarded then.
   */
  run(link: Link, event: ExternalEvent, signal: AbortSignal): Promise<Outcome | undefined>
  /** The same for a handler that takes several events at once, of several keys; they have one outcome. */
  runBatch?(link: Link, events: readonly ExternalEvent[], signal: AbortSignal): Promise<Outcome | undefined>
  /** An outcome that was written before, perhaps by another process. */
  resume(packed: Uint8Array): Promise<Outcome>
}
