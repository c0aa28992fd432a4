import type { NonPersistedEventEnvelope } from '@boostercloud/framework-types'
import type { PendingMark, StateChange } from '@boostercloud/streamers/state'

/** An event of the entity `Thing` of that id. */
export function event(id: string, text = ''): NonPersistedEventEnvelope {
  const envelope = { kind: 'event', entityTypeName: 'Thing', entityID: id, typeName: 'Happened', value: { id, text } }
  return envelope as unknown as NonPersistedEventEnvelope
}

/** The mark of an event that is to be streamed. */
export function marked(id: string): StateChange {
  const mark: PendingMark = {
    address: 'broker/topic',
    id,
    typeName: 'Happened',
    entityTypeName: 'Thing',
    entityId: id,
    slot: 0,
    markedAt: 1,
    owner: 'me',
    context: {},
  }
  return { do: 'mark-pending', mark }
}
