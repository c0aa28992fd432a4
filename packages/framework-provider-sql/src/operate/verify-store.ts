import type { EntitySnapshotEnvelope, EventEnvelope, ReadModelInterface } from '@boostercloud/framework-types'
import type { Database, SqlRow } from '../database/database'
import { microsOf } from '../events/times'
import { sql } from '../sql'
import { isHalfImported } from './import-store'
import { rowsOf } from './pages'

/** Told how far the looking through is. */
export interface VerifyProgress {
  /** What is looked at now. */
  at(what: string): void
  /** One more row was looked at. */
  row(): void
}

/** Looks through all of a store, and says each thing that is wrong with it; nothing where all is well. It may be running. */
export async function* verifyStore(database: Database, told?: VerifyProgress): AsyncGenerator<string> {
  if (await isHalfImported(database)) yield 'an import was interrupted: import again, which starts from the beginning'
  if (database.dialect.name === 'sqlite') yield* during('the file', fileFaults(database), told)
  yield* during('events', eventFaults(database, told), told)
  yield* during('entities', entityFaults(database), told)
  yield* during('snapshots', snapshotFaults(database, told), told)
  yield* during('read models', readModelFaults(database, told), told)
}

async function* during(
  what: string,
  faults: AsyncGenerator<string>,
  told: VerifyProgress | undefined
): AsyncGenerator<string> {
  told?.at(`looking at ${what}`)
  yield* faults
}

async function* fileFaults(database: Database): AsyncGenerator<string> {
  for (const { integrity_check: said } of await database.query(sql('PRAGMA integrity_check'))) {
    if (said !== 'ok') yield `the file: ${String(said)}`
  }
}

async function* eventFaults(database: Database, told?: VerifyProgress): AsyncGenerator<string> {
  const key = ['entity_type', 'entity_id', 'at']
  for await (const row of rowsOf(database, 'events', [...key, 'type', 'envelope'], key)) {
    told?.row()
    const what = `event ${row.type} of ${row.entity_type} ${row.entity_id} at ${row.at}`
    const event = parsed<EventEnvelope>(row.envelope)
    if (!event) yield `${what}: not readable`
    else if (!belongs(event, row) || event.typeName !== row.type)
      yield `${what}: stored under another name than its own`
  }
}

async function* entityFaults(database: Database): AsyncGenerator<string> {
  const wrong = await database.query(
    sql(
      `SELECT entities.type, entities.id FROM entities
       LEFT JOIN (SELECT entity_type, entity_id, max(at) AS at FROM events GROUP BY entity_type, entity_id) newest
         ON newest.entity_type = entities.type AND newest.entity_id = entities.id
       WHERE newest.at IS NULL OR newest.at <> entities.last_at OR entities.dispatched_at > entities.last_at`
    )
  )
  for (const { type, id } of wrong) yield `entity ${type} ${id}: does not end with its newest event`
  const orphans = await database.query(
    sql(
      `SELECT DISTINCT entity_type, entity_id FROM events
       WHERE NOT EXISTS (SELECT 1 FROM entities WHERE type = events.entity_type AND id = events.entity_id)`
    )
  )
  for (const { entity_type, entity_id } of orphans)
    yield `entity ${entity_type} ${entity_id}: has events and is not there`
}

async function* snapshotFaults(database: Database, told?: VerifyProgress): AsyncGenerator<string> {
  const key = ['entity_type', 'entity_id']
  for await (const row of rowsOf(database, 'snapshots', [...key, 'at', 'envelope'], key)) {
    told?.row()
    const what = `snapshot of ${row.entity_type} ${row.entity_id}`
    const snapshot = parsed<EntitySnapshotEnvelope>(row.envelope)
    if (!snapshot) yield `${what}: not readable`
    else if (!belongs(snapshot, row)) yield `${what}: stored under another name than its own`
    else if (microsOf(snapshot.snapshottedEventCreatedAt) !== Number(row.at))
      yield `${what}: stored under another time than its own`
  }
}

async function* readModelFaults(database: Database, told?: VerifyProgress): AsyncGenerator<string> {
  const key = ['type', 'id', 'sequence']
  for await (const row of rowsOf(database, 'read_models', [...key, 'version', 'value'], key)) {
    told?.row()
    const what = `read model ${row.type} ${row.id}`
    const value = parsed<ReadModelInterface>(row.value)
    if (!value) yield `${what}: not readable`
    else if (String(value.id) !== row.id) yield `${what}: stored under another id than its own`
    else if ((value.boosterMetadata?.version ?? 0) !== Number(row.version))
      yield `${what}: stored with another version than its own`
  }
}

function belongs({ entityTypeName, entityID }: EventEnvelope | EntitySnapshotEnvelope, row: SqlRow): boolean {
  return entityTypeName === row.entity_type && String(entityID) === row.entity_id
}

function parsed<T extends object>(text: unknown): T | undefined {
  try {
    const value = JSON.parse(String(text)) as unknown
    return typeof value === 'object' && value !== null ? (value as T) : undefined
  } catch {
    return undefined
  }
}
