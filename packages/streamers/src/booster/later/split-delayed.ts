import type { BoosterConfig, NonPersistedEventEnvelope } from '@boostercloud/framework-types'
import { pack } from '../../state'
import type { EventContext, StateChange, Timer } from '../../state'
import { assertStreamable, named, storedEvent } from '../events/stored-envelope'
import type { StreamedEnvelope } from '../events/stored-envelope'
import { DelayedEventCancelled, delayOf } from './delay'

/** Whose the timers of delayed events are: no handler's name. */
export const LATER = '@later'

/** What the timer of a delayed event holds. */
export interface PackedDelayed {
  readonly context: EventContext
  readonly envelope: StreamedEnvelope
}

/** What was registered, by when it is to be stored. */
export interface SplitEnvelopes {
  readonly now: NonPersistedEventEnvelope[]
  /** Timers of what happens later, and the cancelling of others. */
  readonly changes: StateChange[]
}

/** Separates what happens later from what is stored now. Throws `EVENT_NOT_ENCODABLE` for a delayed event that could not be published. */
export function splitDelayed(
  config: BoosterConfig,
  envelopes: readonly NonPersistedEventEnvelope[],
  rules: { publishes(typeName: string): boolean; contextOf(envelope: NonPersistedEventEnvelope): EventContext }
): SplitEnvelopes {
  const now: NonPersistedEventEnvelope[] = []
  const changes: StateChange[] = []
  for (const envelope of envelopes) {
    const value = envelope.value as object
    const delayed = delayOf(value)
    if (value instanceof DelayedEventCancelled) {
      changes.push({ do: 'cancel-timer', handler: LATER, name: value.name })
    } else if (delayed) {
      if (rules.publishes(envelope.typeName)) assertStreamable(envelope)
      const context = rules.contextOf(envelope)
      const own = named(envelope, delayed.eventId, context)
      const { key } = storedEvent(config, own, context)
      const { name, id, dueAt, setAt, delayMs } = delayed
      const content = pack({ context, envelope: own } satisfies PackedDelayed)
      const timer: Timer = { handler: LATER, name, id, dueAt, setAt, delayMs, key, content }
      changes.push({ do: 'set-timer', timer })
    } else now.push(envelope)
  }
  return { now, changes }
}
