import type { BoosterConfig, EventEnvelope } from '@boostercloud/framework-types'

/**
 * The property by which a Booster provider offers to find events by the ids that streaming gave them: see {@link FindsEvents}.
 * @internal
 */
export const EVENTS_OF_PROVIDER = Symbol.for('@boostercloud/streamers/events')

/**
 * An event in the store.
 * @experimental
 */
export interface FoundEvent {
  /** As it was stored, with its `streamsId` and `createdAt`. */
  readonly envelope: EventEnvelope
  /** About how much memory it takes, in bytes: the length of what is stored of it will do. */
  readonly size: number
}

/**
 * A Booster provider that finds events by their `streamsId`, many in one query. A backlog is then published as fast as it is read. Of a provider
 * that does not offer it, or that does not find an event by its id, the events of the entity are read, one query an entity.
 * @experimental
 */
export interface FindsEvents {
  /**
   * The events with these ids that are stored, in any order. An event may be left out although it is stored, where its id is not indexed. Rejects with
   * a `STORAGE_…` error.
   */
  readonly [EVENTS_OF_PROVIDER]: (config: BoosterConfig, ids: readonly string[]) => Promise<FoundEvent[]>
}
