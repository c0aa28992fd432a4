import type { BoosterConfig, EventEnvelope } from '@boostercloud/framework-types'
import type { EventSource, StoredEvent } from '../publish'
import type { PendingMark } from '../state'
import { isStreamed, storedEvent } from './stored-envelope'
import type { StreamedEnvelope } from './stored-envelope'

/** Which event is looked for. */
export interface EventReference {
  readonly id: string
  readonly entityTypeName: string
  readonly entityId: string
  /** It was not stored before then; milliseconds since 1970. */
  readonly since: number
}

/** How far the clocks of those who store may be apart; milliseconds. */
const CLOCKS_APART_MS = 60_000

/** Booster's event store, as the relay and the receiver read it: by our ids. */
export class BoosterEventStore implements EventSource {
  public constructor(private readonly config: BoosterConfig) {}

  /** Those that are stored, by id: one read for each entity. */
  public async envelopes(references: readonly EventReference[]): Promise<Map<string, StreamedEnvelope<EventEnvelope>>> {
    const byEntity = new Map<string, EventReference[]>()
    for (const reference of references) {
      const entity = JSON.stringify([reference.entityTypeName, reference.entityId])
      byEntity.set(entity, [...(byEntity.get(entity) ?? []), reference])
    }
    const found = new Map<string, StreamedEnvelope<EventEnvelope>>()
    for (const ofEntity of byEntity.values()) {
      const { entityTypeName, entityId } = ofEntity[0]
      const since = new Date(Math.min(...ofEntity.map((reference) => reference.since)) - CLOCKS_APART_MS).toISOString()
      for (const envelope of await this.config.provider.events.forEntitySince(
        this.config,
        entityTypeName,
        entityId,
        since
      )) {
        if (isStreamed(envelope)) found.set(envelope.streamsId, envelope)
      }
    }
    return found
  }

  public async find(marks: readonly PendingMark[]): Promise<Map<string, StoredEvent>> {
    const envelopes = await this.envelopes(marks.map((mark) => ({ ...mark, since: mark.markedAt })))
    const found = new Map<string, StoredEvent>()
    for (const mark of marks) {
      const envelope = envelopes.get(mark.id)
      if (envelope) found.set(mark.id, storedEvent(this.config, envelope, mark.context))
    }
    return found
  }
}
