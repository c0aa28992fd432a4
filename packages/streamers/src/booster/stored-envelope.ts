import { createInstance } from '@boostercloud/framework-common-helpers'
import type {
  BoosterConfig,
  EventEnvelope,
  EventInterface,
  NonPersistedEventEnvelope,
} from '@boostercloud/framework-types'
import type { StoredEvent } from '../publish'
import type { EventContext } from '../state'

/** An envelope with the id that streaming gave its event. Stores keep fields that they do not know. */
export type StreamedEnvelope<E extends NonPersistedEventEnvelope = NonPersistedEventEnvelope> = E & {
  readonly streamsId: string
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
    version,
    entityTypeName,
    entityId,
    key: orderless ? undefined : entityId,
    value: instanceOf(config, typeName, envelope.value as object),
    context,
  }
}

/** Whether an envelope carries an id of ours. */
export function isStreamed(envelope: EventEnvelope): envelope is StreamedEnvelope<EventEnvelope> {
  return typeof (envelope as Partial<StreamedEnvelope>).streamsId === 'string'
}

/** What is read from a store is a plain object; a connector is given the class's. */
function instanceOf(config: BoosterConfig, typeName: string, value: object): EventInterface {
  const eventClass = config.events[typeName]?.class
  if (!eventClass || value instanceof eventClass) return value as EventInterface
  return createInstance(eventClass, value)
}
