import type { EntitySnapshotEnvelope, EventEnvelope, NonPersistedEventEnvelope } from '@boostercloud/framework-types'
import type { StateChange } from '@boostercloud/streamers/state'
import { entityKey } from '../events/append'
import { isDeleted } from '../events/deleted'
import { microsOf, timeOf } from '../events/times'

/** An entity with events that are not dispatched. */
export interface WaitingEntity {
  readonly type: string
  readonly id: string
  /** How often dispatching them has failed. */
  readonly attempts: number
  /** Up to where its events are dispatched, in microseconds. */
  readonly dispatchedAt: number
  /** Those that are dispatched now, in their order; not empty. */
  readonly events: readonly EventEnvelope[]
  /** Its newest snapshot when the events were read. */
  readonly snapshot?: EntitySnapshotEnvelope
}

/** Events that a handler registered, until they are stored. */
export interface Registered {
  readonly envelopes: readonly NonPersistedEventEnvelope[]
  /** The same, as the handler was answered; they get their times when they are stored. */
  readonly answered: readonly EventEnvelope[]
  /** What is written together with them. */
  readonly changes: readonly StateChange[]
  /** Called when they are stored. */
  readonly committed: () => void
}

/** What dispatching the events of one entity comes to. It is written when it is whole, in one transaction. */
export class EntityWork {
  public readonly key: string
  public registered: Registered[] = []
  public snapshots = new Map<string, EntitySnapshotEnvelope>()
  /** The time of the event up to which the entity is read at the moment; undefined: as far as it is stored. */
  public readUntil?: string
  /** The first thing that went wrong. */
  public failure?: { readonly error: unknown }
  private readonly provisional = new Set<string>()
  private closed = false

  public constructor(public readonly entity: WaitingEntity) {
    this.key = entityKey(entity.type, entity.id)
  }

  /** Up to where its events are dispatched when the work is written; in microseconds. */
  public get until(): number {
    const { events } = this.entity
    return microsOf(events[events.length - 1].createdAt)
  }

  /** Whether it is being written: what a handler does after it has returned stands on its own. */
  public get isClosed(): boolean {
    return this.closed
  }

  /** Takes nothing more. */
  public close(): void {
    this.closed = true
  }

  public fail(error: unknown): void {
    this.failure ??= { error }
  }

  /** Takes what a handler registers. Its times are for the handler's own reading, and change when it is stored. */
  public register(
    envelopes: readonly NonPersistedEventEnvelope[],
    rest: Omit<Registered, 'envelopes' | 'answered'>
  ): EventEnvelope[] {
    const first = Date.now() * 1_000 + this.provisional.size
    const answered = envelopes.map((envelope, index) => ({ ...envelope, createdAt: timeOf(first + index) }))
    for (const { createdAt } of answered) this.provisional.add(createdAt)
    this.registered.push({ envelopes, answered, ...rest })
    return answered
  }

  /**
   * The events of the entity itself after a time, in microseconds, as far as they are dispatched now; undefined where they were not all
   * read. One that has failed is projected as far as it is stored.
   */
  public loadedSince(since: number): readonly EventEnvelope[] | undefined {
    const { attempts, dispatchedAt, events } = this.entity
    if (attempts > 0 || since < dispatchedAt) return undefined
    return events.filter((event) => microsOf(event.createdAt) > since && !isDeleted(event))
  }

  /** The newest snapshot of the entity itself that has nothing of what is not to be read at the moment. */
  public get ownSnapshot(): EntitySnapshotEnvelope | undefined {
    const found = this.snapshots.get(this.key) ?? this.entity.snapshot
    const isBeyond = found && this.readUntil !== undefined && found.snapshottedEventCreatedAt > this.readUntil
    return isBeyond ? undefined : found
  }

  /** What its handlers have registered of an entity so far. */
  public registeredOf(type: string, id: string): EventEnvelope[] {
    return this.registered
      .flatMap(({ answered }) => answered)
      .filter(({ entityTypeName, entityID }) => entityTypeName === type && String(entityID) === id)
  }

  /** A snapshot that has events which are not stored is not kept. */
  public keep(snapshot: EntitySnapshotEnvelope): void {
    if (this.provisional.has(snapshot.snapshottedEventCreatedAt)) return
    this.snapshots.set(entityKey(snapshot.entityTypeName, snapshot.entityID), snapshot)
  }
}
