import type {
  EntitySnapshotEnvelope,
  EventEnvelope,
  EventSearchParameters,
  EventSearchResponse,
  PaginatedEntitiesIdsResult,
} from '@boostercloud/framework-types'
import type { FoundEvent } from '@boostercloud/streamers/runtime'
import type { Database, SqlRow, SqlStatement } from '../database/database'
import { keysOf, sql } from '../sql'
import { DELETED_LIKE, isDeleted } from './deleted'
import { Revival } from '../values/revival'
import { storedText } from '../values/text'
import { microsOf, timeOf } from './times'

const LAST = Number.MAX_SAFE_INTEGER

/** What is asked of stored events. */
export class EventReader {
  public constructor(
    private readonly database: Database,
    private readonly revival = new Revival({})
  ) {}

  /** Those of an entity stored after a time, in their order; without those that Booster has deleted. */
  public async since(type: string, id: string, since?: string): Promise<EventEnvelope[]> {
    const rows = await this.database.query(
      sql(
        'SELECT at, envelope FROM events WHERE entity_type = ?1 AND entity_id = ?2 AND at > ?3 ORDER BY at',
        type,
        String(id),
        since === undefined ? 0 : microsOf(since)
      )
    )
    return rows.map((row) => this.revival.event(toEvent(row))).filter((event) => !isDeleted(event))
  }

  /** Those with an id that streaming gave them, in one query, in any order; those stored before ids were kept in a column are left out, and those that Booster has deleted. */
  public async withStreamsIds(ids: readonly string[]): Promise<FoundEvent[]> {
    const rows = await this.database.query(
      sql(
        `SELECT at, envelope FROM events WHERE ${this.database.dialect.isAmongKeys('streams_id')}`,
        keysOf(ids.map((id) => [id]))
      )
    )
    return rows
      .map((row) => ({ envelope: this.revival.event(toEvent(row)), size: String(row.envelope).length }))
      .filter(({ envelope }) => !isDeleted(envelope))
  }

  /** The newest snapshot. */
  public async snapshot(type: string, id: string): Promise<EntitySnapshotEnvelope | undefined> {
    const [row] = await this.database.query(
      sql('SELECT envelope FROM snapshots WHERE entity_type = ?1 AND entity_id = ?2', type, String(id))
    )
    return row && this.revival.snapshot(toSnapshot(row))
  }

  /** Newest first. */
  public async search(parameters: EventSearchParameters): Promise<EventSearchResponse[]> {
    const { from, to, limit } = parameters
    const [condition, ...values] = wanted(parameters)
    const rows = await this.database.query(
      sql(
        `SELECT at, envelope FROM events WHERE at >= ?1 AND at <= ?2 AND ${condition}
         ORDER BY at DESC, entity_type, entity_id LIMIT ?3`,
        from ? microsOf(from) : 0,
        to ? microsOf(to, true) : LAST,
        limit ? Number(limit) : LAST,
        ...values
      )
    )
    return rows.map((row) => toFound(this.revival.event(toEvent(row))))
  }

  /** The ids of the entities of a type that have events which are not deleted, page by page. */
  public async entityIds(
    type: string,
    limit: number | undefined,
    afterCursor: Record<string, string> | undefined
  ): Promise<PaginatedEntitiesIdsResult> {
    const skip = Number.parseInt(afterCursor?.id ?? '0', 10)
    const rows = await this.database.query(
      sql(
        // SQLite 3.53 counts an OFFSET wrongly where an EXISTS stands beside it.
        `SELECT id FROM entities WHERE type = ?1 AND (
           SELECT 1 FROM events WHERE entity_type = entities.type AND entity_id = entities.id AND envelope NOT LIKE ?2 LIMIT 1
         ) IS NOT NULL ORDER BY id LIMIT ?3 OFFSET ?4`,
        type,
        DELETED_LIKE,
        limit ?? LAST,
        skip
      )
    )
    const items = rows.map(({ id }) => ({ entityID: String(id) }))
    return { items, count: items.length, cursor: { id: String(skip + Math.max(1, limit ?? 1)) } }
  }
}

/** A snapshot that is kept where no newer one is. */
export function keepSnapshot(snapshot: EntitySnapshotEnvelope): SqlStatement {
  const { entityTypeName, entityID, snapshottedEventCreatedAt } = snapshot
  return sql(
    `INSERT INTO snapshots (entity_type, entity_id, at, envelope) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (entity_type, entity_id) DO UPDATE SET at = excluded.at, envelope = excluded.envelope
     WHERE snapshots.at <= excluded.at`,
    entityTypeName,
    String(entityID),
    microsOf(snapshottedEventCreatedAt),
    storedText(snapshot)
  )
}

/** A row of `events`. */
export function toEvent({ at, envelope }: SqlRow): EventEnvelope {
  return { ...(JSON.parse(String(envelope)) as EventEnvelope), createdAt: timeOf(Number(at)) }
}

/** A row of `snapshots`. */
export function toSnapshot({ envelope }: SqlRow): EntitySnapshotEnvelope {
  return JSON.parse(String(envelope)) as EntitySnapshotEnvelope
}

function wanted(parameters: EventSearchParameters): [string, ...string[]] {
  if ('entity' in parameters) {
    if (parameters.entityID) return ['entity_type = ?4 AND entity_id = ?5', parameters.entity, parameters.entityID]
    return ['entity_type = ?4', parameters.entity]
  }
  if ('type' in parameters) return ['type = ?4', parameters.type]
  throw new Error('Events are searched by entity or by type. Give one of them.')
}

function toFound(event: EventEnvelope): EventSearchResponse {
  const { deletedAt } = event as { readonly deletedAt?: string }
  const found = {
    type: event.typeName,
    entity: event.entityTypeName,
    entityID: event.entityID,
    requestID: event.requestID,
    user: event.currentUser,
    createdAt: event.createdAt,
    value: event.value as EventSearchResponse['value'],
  }
  return deletedAt === undefined ? found : Object.assign(found, { deletedAt })
}
