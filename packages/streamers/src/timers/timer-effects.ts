import type { StateChange, Timer } from '../state'

/**
 * What timers that are due come to, ready to be stored.
 * @internal
 */
export interface TimerOutcome {
  /** Pending marks of the events that are streamed on, to be committed before they are stored or with them. */
  readonly marks: readonly StateChange[]
  /** Stores what is not stored yet. */
  store(): Promise<void>
}

/**
 * What firing asks of the service it runs in, for the timers of one handler.
 * @internal
 */
export interface TimerEffects {
  /** Whose timers these are: `Timer.handler`. */
  readonly handler: string
  /** What these timers come to. `again`: some of it may be stored already, by a try that was cut off. */
  outcomeOf(timers: readonly Timer[], again: boolean): Promise<TimerOutcome>
}
