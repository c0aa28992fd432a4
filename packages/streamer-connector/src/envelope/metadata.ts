import { v7 as uuidv7 } from 'uuid'
import type { EventMetadata } from '../contract'

/** One table for all copies of this package in a process, so that an event keeps its metadata between them. */
const TABLE = Symbol.for('@boostercloud/streamer-connector#metadata')
const table: WeakMap<object, EventMetadata> = ((globalThis as { [TABLE]?: WeakMap<object, EventMetadata> })[TABLE] ??=
  new WeakMap())

/**
 * What is known of an event besides its fields: of one given to a handler, and of one given to `publish`.
 * Undefined for anything that did not come through a streamer, and for payloads that are not objects.
 */
export function metadataOf(event: unknown): EventMetadata | undefined {
  return isObject(event) ? table.get(event) : undefined
}

/** Puts metadata beside an event, in place of what was there, and returns the event. */
export function withMetadata<T extends object>(event: T, metadata: EventMetadata): T {
  table.set(event, metadata)
  return event
}

/** An event's metadata with what every published event has. */
export type PublishedMetadata = EventMetadata & Required<Pick<EventMetadata, 'id' | 'type' | 'source' | 'time'>>

/**
 * The metadata to publish an event with: what stands beside it, completed from the object where something is missing, so that a
 * plain Node program can publish plain objects. An id given here is new at each call: an event that may be published
 * again is given its id before, by {@link withMetadata}.
 */
export function metadataToPublish(event: object, source: string): PublishedMetadata {
  const known = metadataOf(event) ?? {}
  const entityId = known.subject ?? entityIdOf(event)
  return {
    ...known,
    id: known.id ?? newEventId(),
    type: known.type ?? classNameOf(event),
    source: known.source ?? source,
    subject: entityId,
    key: known.key ?? entityId,
    time: known.time ?? new Date().toISOString(),
  }
}

/** A new event id: a UUID of version 7 (RFC 9562 §5.7), so ids sort by the time they were given. */
export function newEventId(): string {
  return uuidv7()
}

function entityIdOf(event: object): string | undefined {
  const { entityID } = event as { entityID?: unknown }
  if (typeof entityID !== 'function') return undefined
  const id: unknown = entityID.call(event)
  return id === undefined || id === null || id === '' ? undefined : String(id)
}

/** From the prototype: a field of the event may be called `constructor`. A class without a name has no better one. */
function classNameOf(event: object): string {
  const { constructor } = (Object.getPrototypeOf(event) ?? {}) as { constructor?: { name?: string } }
  const name = constructor?.name
  return name === undefined || name === '' ? 'Object' : name
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
