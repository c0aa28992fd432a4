import type { EventInterface } from '@boostercloud/framework-types'
import type { EventContext, PendingMark } from '../state'

/**
 * An event on its way to the event store, or in it, as far as streaming is concerned.
 * @internal
 */
export interface StoredEvent {
  /** Given once, kept in the store with the event. */
  readonly id: string
  /** The class's name, by which the store knows it. */
  readonly typeName: string
  /** What it is called on the wire. Default: `typeName`. */
  readonly wireType?: string
  readonly version: number
  readonly entityTypeName: string
  readonly entityId: string
  /** What orders it; undefined: nothing does. */
  readonly key?: string
  readonly value: EventInterface
  readonly context: EventContext
  /** When it was stored, milliseconds since 1970: what the store orders an entity's events by. Undefined: not stored, or not told. */
  readonly storedAt?: number
  /** About how much memory it takes, in bytes. Undefined: not told, or in memory anyway. */
  readonly size?: number
}

/**
 * Where the relay reads the events that its marks refer to.
 * @internal
 */
export interface EventSource {
  /** The events of these marks that are stored, by id. What is missing in the answer is not in the store. */
  find(marks: readonly PendingMark[]): Promise<Map<string, StoredEvent>>
}
