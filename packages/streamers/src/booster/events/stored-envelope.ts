import { assertEncodable, copyOf, wireTypeOf } from '@boostercloud/streamer-connector'
import type {
  BoosterConfig,
  EventEnvelope,
  EventInterface,
  NonPersistedEventEnvelope,
} from '@boostercloud/framework-types'
import type { StoredEvent } from '../../publish'
import type { EventContext } from '../../state'
import { buildInstance } from '../fields/build-instance'

/** An envelope with the id that streaming gave its event. Stores keep fields that they do not know. */
export type StreamedEnvelope<E extends NonPersistedEventEnvelope = NonPersistedEventEnvelope> = E & {
  readonly streamsId: string
  /** What the event came of and hands on. Absent from envelopes that were stored before it was kept. */
  readonly streamsContext?: EventContext
}

/**
 * An envelope to be stored, with the id that its event is given and what it came of. The event is copied: what the app does to the object that it
 * registered reaches neither the store nor the broker.
 */
export function named<E extends NonPersistedEventEnvelope>(
  envelope: E,
  streamsId: string,
  streamsContext: EventContext
): StreamedEnvelope<E> {
  return { ...envelope, value: copyOf(envelope.value), streamsId, streamsContext }
}

/**
 * Throws `EVENT_NOT_ENCODABLE`, naming the field, for an event that no wire has a form for: before it is stored, since afterwards it could be published neither as
 * it is nor at all.
 */
export function assertStreamable({ value, typeName, entityID }: NonPersistedEventEnvelope): void {
  assertEncodable(value, typeName)
  assertEncodable({ entityID: String(entityID) }, typeName)
}

/** What an event in the store came of. */
export function contextOfStored({ streamsContext, requestID }: StreamedEnvelope<EventEnvelope>): EventContext {
  return streamsContext ?? { correlationId: String(requestID) }
}

/** Where Booster puts a notification that names no partition of its own. */
const NO_PARTITION = 'default'

/** What streaming needs to know of an envelope. */
export function storedEvent(config: BoosterConfig, envelope: StreamedEnvelope, context: EventContext): StoredEvent {
  const { typeName, version, entityTypeName } = envelope
  const entityId = String(envelope.entityID)
  const orderless = typeName in config.notifications && entityId === NO_PARTITION
  return {
    id: envelope.streamsId,
    typeName,
    wireType: wireTypeIn(config, typeName),
    version,
    entityTypeName,
    entityId,
    key: orderless ? undefined : entityId,
    value: instanceOf(config, typeName, envelope.value as object),
    context,
    storedAt: storedAt(envelope),
  }
}

/** When a store says that it stored each of its envelopes that are streamed, by our id, in milliseconds since 1970. */
export function storedTimes(stored: readonly EventEnvelope[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const envelope of stored) {
    const at = storedAt(envelope)
    if (at !== undefined && isStreamed(envelope)) times.set(envelope.streamsId, at)
  }
  return times
}

function storedAt(envelope: NonPersistedEventEnvelope): number | undefined {
  const { createdAt } = envelope as Partial<EventEnvelope>
  return createdAt === undefined ? undefined : Date.parse(createdAt)
}

/** Whether an envelope carries an id of ours. */
export function isStreamed(envelope: EventEnvelope): envelope is StreamedEnvelope<EventEnvelope> {
  return typeof (envelope as Partial<StreamedEnvelope>).streamsId === 'string'
}

/** Whether Booster has deleted an event: from 2.18 on it can. It keeps its place, and what it said is gone. */
export function isDeleted(event: EventEnvelope): boolean {
  return (event as { readonly deletedAt?: unknown }).deletedAt !== undefined
}

/** What the events of a class of the app are called on the wire; its name where the app does not have it. */
function wireTypeIn(config: BoosterConfig, typeName: string): string {
  const eventClass = Object.hasOwn(config.events, typeName) ? config.events[typeName].class : undefined
  return eventClass === undefined ? typeName : wireTypeOf(eventClass)
}

/** What is read from a store is a plain object; a connector is given the class's. */
function instanceOf(config: BoosterConfig, typeName: string, value: object): EventInterface {
  const eventClass = config.events[typeName]?.class
  if (!eventClass || value instanceof eventClass) return value as EventInterface
  return buildInstance(eventClass, value)
}
