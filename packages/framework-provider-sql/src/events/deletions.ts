import type { EntitySnapshotEnvelope, EventEnvelope } from '@boostercloud/framework-types'
import type { StoredEnvelope, StoredSnapshot } from '../compatibility'
import type { Database } from '../database/database'
import { sql } from '../sql'
import { isDeleted, textOf } from './deleted'
import { toEvent, toSnapshot } from './read'
import { microsOf } from './times'

/** Which events or snapshots are meant: those of an entity, of a time. */
export interface Deletable {
  readonly entityTypeName: string
  readonly entityID: unknown
  readonly createdAt: string
}

/** What Booster asks, from 2.18 on, to delete events. An event that is deleted keeps its place and loses what it said. */
export class Deletions {
  public constructor(private readonly database: Database) {}

  /** The event of that time; of a time told in milliseconds, all that it can mean. */
  public async events(wanted: Deletable): Promise<StoredEnvelope[]> {
    const rows = await this.database.query(
      sql(
        'SELECT at, envelope FROM events WHERE entity_type = ?1 AND entity_id = ?2 AND at >= ?3 AND at <= ?4 ORDER BY at',
        ...boundsOf(wanted)
      )
    )
    const events = rows.map(toEvent).filter((event) => !isDeleted(event))
    return events.map((event) => ({ ...event, id: event.createdAt }) as StoredEnvelope)
  }

  /** The snapshot that ends with the event of that time. */
  public async snapshots(wanted: Deletable): Promise<StoredSnapshot[]> {
    const rows = await this.database.query(
      sql(
        'SELECT envelope FROM snapshots WHERE entity_type = ?1 AND entity_id = ?2 AND at >= ?3 AND at <= ?4',
        ...boundsOf(wanted)
      )
    )
    return rows.map(toSnapshot).map((snapshot) => ({ ...snapshot, id: snapshot.createdAt }) as StoredSnapshot)
  }

  /** All of them or none. Snapshots that have them in them go too: the entity is reduced anew, without them. */
  public async deleteEvents(events: readonly EventEnvelope[], now: Date = new Date()): Promise<void> {
    const deletedAt = now.toISOString()
    await this.database.transaction(
      events.flatMap((event) => {
        const { id: _id, createdAt, ...envelope } = event
        const key = keyOf(event)
        return [
          sql(
            'UPDATE events SET envelope = ?4 WHERE entity_type = ?1 AND entity_id = ?2 AND at = ?3',
            ...key,
            textOf({ ...envelope, deletedAt } as unknown as Omit<EventEnvelope, 'createdAt'>)
          ),
          sql('DELETE FROM snapshots WHERE entity_type = ?1 AND entity_id = ?2 AND at >= ?3', ...key),
        ]
      })
    )
  }

  public async deleteSnapshots(snapshots: readonly EntitySnapshotEnvelope[]): Promise<void> {
    await this.database.transaction(
      snapshots.map((snapshot) =>
        sql(
          'DELETE FROM snapshots WHERE entity_type = ?1 AND entity_id = ?2 AND at = ?3',
          ...keyOf({ ...snapshot, createdAt: snapshot.snapshottedEventCreatedAt })
        )
      )
    )
  }
}

function boundsOf({ entityTypeName, entityID, createdAt }: Deletable): [string, string, number, number] {
  return [entityTypeName, String(entityID), microsOf(createdAt), microsOf(createdAt, true)]
}

function keyOf({ entityTypeName, entityID, createdAt }: Deletable): [string, string, number] {
  return [entityTypeName, String(entityID), microsOf(createdAt)]
}
