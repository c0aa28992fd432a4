import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BoosterConfig, EventEnvelope } from '@boostercloud/framework-types'
import { CLOCKS_APART_MS } from '@boostercloud/streamer-connector'
import type { EventSource, StoredEvent } from '../../publish'
import type { PendingMark } from '../../state'
import { EVENTS_OF_PROVIDER } from './finds-events'
import type { FindsEvents } from './finds-events'
import { isDeleted, isStreamed, storedEvent } from './stored-envelope'
import type { StreamedEnvelope } from './stored-envelope'

/** Which event is looked for. */
export interface EventReference {
  readonly id: string
  readonly entityTypeName: string
  readonly entityId: string
  /** It was not stored before then; milliseconds since 1970. */
  readonly since: number
}

/** An event that was found, and about how many bytes it takes where the store tells. */
interface Found {
  readonly envelope: StreamedEnvelope<EventEnvelope>
  readonly size?: number
}

/** Booster's event store, as the relay and the receiver read it: by our ids. */
export class BoosterEventStore implements EventSource {
  public constructor(private readonly config: BoosterConfig) {}

  /** Those that are stored, by id. */
  public async envelopes(references: readonly EventReference[]): Promise<Map<string, StreamedEnvelope<EventEnvelope>>> {
    const found = await this.search(references)
    return new Map([...found].map(([id, { envelope }]) => [id, envelope]))
  }

  /** Without those that Booster has deleted. */
  public async find(marks: readonly PendingMark[]): Promise<Map<string, StoredEvent>> {
    const envelopes = await this.search(marks.map((mark) => ({ ...mark, since: mark.markedAt })))
    const found = new Map<string, StoredEvent>()
    for (const mark of marks) {
      const known = envelopes.get(mark.id)
      if (known && !isDeleted(known.envelope))
        found.set(mark.id, { ...storedEvent(this.config, known.envelope, mark.context), size: known.size })
    }
    return found
  }

  /** By their ids at once where the provider can; what it does not find so, and with other providers, by one read for each entity. */
  private async search(references: readonly EventReference[]): Promise<Map<string, Found>> {
    const found = await this.byIds(references)
    const missing = references.filter(({ id }) => !found.has(id))
    for (const [id, envelope] of await this.byEntities(missing)) found.set(id, { envelope })
    return found
  }

  private async byIds(references: readonly EventReference[]): Promise<Map<string, Found>> {
    const found = new Map<string, Found>()
    const findEvents = (this.config.provider as Partial<FindsEvents>)[EVENTS_OF_PROVIDER]
    if (!findEvents || references.length === 0) return found
    const events = await findEvents(
      this.config,
      references.map(({ id }) => id)
    )
    for (const { envelope, size } of events) if (isStreamed(envelope)) found.set(envelope.streamsId, { envelope, size })
    return found
  }

  private async byEntities(
    references: readonly EventReference[]
  ): Promise<Map<string, StreamedEnvelope<EventEnvelope>>> {
    const wanted = new Set(references.map(({ id }) => id))
    const found = new Map<string, StreamedEnvelope<EventEnvelope>>()
    for (const ofEntity of groupedByEntity(references)) {
      if (found.size > 0) await nextTurn()
      const [{ entityTypeName, entityId }] = ofEntity
      const oldest = ofEntity.reduce((least, { since }) => Math.min(least, since), Infinity)
      const since = new Date(oldest - CLOCKS_APART_MS).toISOString()
      const { events } = this.config.provider
      for (const envelope of await events.forEntitySince(this.config, entityTypeName, entityId, since)) {
        if (isStreamed(envelope) && wanted.has(envelope.streamsId)) found.set(envelope.streamsId, envelope)
      }
    }
    return found
  }
}

function groupedByEntity(references: readonly EventReference[]): EventReference[][] {
  const byEntity = new Map<string, EventReference[]>()
  for (const reference of references) {
    const entity = JSON.stringify([reference.entityTypeName, reference.entityId])
    const known = byEntity.get(entity)
    if (known) known.push(reference)
    else byEntity.set(entity, [reference])
  }
  return [...byEntity.values()]
}
