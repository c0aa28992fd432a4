import { v7 as uuidv7 } from 'uuid'
import type { EventMetadata } from '../../contract'
import { shallowCopyOf } from '../copy'
import { wireTypeOf } from './wire-type'
import type { WithWireType } from './wire-type'

/** Is the object that it is given, so that a class derived from it puts its private fields beside any object. */
class Given {
  public constructor(object: object) {
    return object
  }
}

/**
 * Metadata in a private field of the object: seen by nobody else, and freed with it. A `WeakMap` does the same, but the garbage collector
 * then spends more on an event than all that decodes it; it is left for objects that take no fields.
 */
class Beside extends Given {
  static readonly #ofFixed = new WeakMap<object, EventMetadata>()
  #metadata: EventMetadata

  private constructor(object: object, metadata: EventMetadata) {
    super(object)
    this.#metadata = metadata
  }

  public static get(object: object): EventMetadata | undefined {
    return #metadata in object ? object.#metadata : Beside.#ofFixed.get(object)
  }

  public static set(object: object, metadata: EventMetadata): void {
    if (#metadata in object) object.#metadata = metadata
    else if (Object.isExtensible(object)) new Beside(object, metadata)
    else Beside.#ofFixed.set(object, metadata)
  }
}

/** One for all copies of this package in a process, so that an event keeps its metadata between them. */
const SHARED = Symbol.for('@boostercloud/streamer-connector#metadata')
const beside: Pick<typeof Beside, 'get' | 'set'> = ((globalThis as { [SHARED]?: typeof Beside })[SHARED] ??= Beside)

/**
 * What is known of an event besides its fields: of one given to a handler, and of one given to `publish`.
 * Undefined for anything that did not come through a streamer, and for payloads that are not objects.
 * @public
 */
export function metadataOf(event: unknown): EventMetadata | undefined {
  return isObject(event) ? beside.get(event) : undefined
}

/**
 * Puts metadata beside an event, in place of what was there, and returns the event.
 * @public
 */
export function withMetadata<T extends object>(event: T, metadata: EventMetadata): T {
  beside.set(event, metadata)
  return event
}

/**
 * An event to be published: a new object with the fields and the class of the one given, which nothing is written to, and metadata beside it.
 * @internal
 */
export function stamped<T extends object>(event: T, metadata: EventMetadata): T {
  return withMetadata(shallowCopyOf(event), metadata)
}

/**
 * An event's metadata with what every published event has; its type too, unless it is an object of no class.
 * @public
 */
export type PublishedMetadata = EventMetadata & Required<Pick<EventMetadata, 'id' | 'source' | 'time'>>

/**
 * The metadata to publish an event with: what stands beside it, completed from the object where something is missing, so that a
 * plain Node program can publish plain objects, which have no type unless it says one. An id given here is new at each call: an event that may be published
 * again is given its id before, by {@link withMetadata}.
 * @public
 */
export function metadataToPublish(event: object, source: string): PublishedMetadata {
  const known = metadataOf(event) ?? {}
  if (isComplete(known)) return known
  const entityId = known.subject ?? entityIdOf(event)
  return {
    ...known,
    id: known.id ?? newEventId(),
    type: known.type ?? typeOf(event),
    source: known.source ?? source,
    subject: entityId,
    key: known.key ?? entityId,
    time: known.time ?? new Date().toISOString(),
  }
}

/** As the relay gives it: then there is nothing to copy. */
function isComplete(metadata: EventMetadata): metadata is PublishedMetadata {
  const { id, type, source, subject, key, time } = metadata
  return [id, type, source, subject, key, time].every((value) => value !== undefined && value !== null)
}

/**
 * A new event id: a UUID of version 7 (RFC 9562 §5.7), so ids sort by the time they were given.
 * @public
 */
export function newEventId(): string {
  return uuidv7()
}

function entityIdOf(event: object): string | undefined {
  const { entityID } = event as { entityID?: unknown }
  if (typeof entityID !== 'function') return undefined
  const id: unknown = entityID.call(event)
  return id === undefined || id === null || id === '' ? undefined : String(id)
}

/** From the prototype: a field of the event may be called `constructor`. No handler is for `Object`: a plain object, or a class without a name, has no type. */
function typeOf(event: object): string | undefined {
  const { constructor } = (Object.getPrototypeOf(event) ?? {}) as { constructor?: WithWireType }
  const type = typeof constructor === 'function' ? wireTypeOf(constructor) : ''
  return type === 'Object' || type === '' ? undefined : type
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
