import { StreamerError } from '@boostercloud/streamer-connector'
import type { Database, SqlStatement, SqlValue } from '../database/database'
import type { Dialect } from '../database/dialect'
import { streamsIdOf } from '../events/append'
import { textOf } from '../events/deleted'
import { keepSnapshot } from '../events/read'
import { microsOf } from '../events/times'
import { storeReadModel } from '../read-models/write'
import { sql } from '../sql'
import type { StoreRecord, StreamingRow } from './record'
import { STREAMING_TABLES } from './tables'

/** What writes a record into a store. The events of an entity come before what is said of them. */
export function insertOf(record: StoreRecord, database: Database): SqlStatement[] {
  if ('event' in record) return eventRows(record.event)
  if ('waiting' in record) return [waitingRow(record.waiting)]
  if ('snapshot' in record) return [keepSnapshot(record.snapshot)]
  if ('readModel' in record) return [readModelRow(record.readModel, database)]
  if ('dispatched' in record) return [sql('INSERT INTO dispatched_events (id) VALUES (?1)', record.dispatched)]
  if ('streaming' in record) return [streamingRow(record.streaming)]
  return []
}

type Of<Kind extends string> = StoreRecord extends infer Each
  ? Each extends Readonly<Record<Kind, infer Said>>
    ? Said
    : never
  : never

/** An event counts as dispatched, unless a `waiting` says otherwise. */
function eventRows(event: Of<'event'>): SqlStatement[] {
  const { createdAt, ...envelope } = event
  const at = microsOf(createdAt)
  const entity = [envelope.entityTypeName, String(envelope.entityID)]
  return [
    sql(
      `INSERT INTO entities (type, id, last_at, dispatched_at, due_at) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (type, id) DO UPDATE SET last_at = excluded.last_at, dispatched_at = excluded.dispatched_at
       WHERE entities.last_at < excluded.last_at`,
      ...entity,
      at,
      at,
      0
    ),
    sql(
      'INSERT INTO events (entity_type, entity_id, at, type, envelope, streams_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)',
      ...entity,
      at,
      envelope.typeName,
      textOf(envelope),
      streamsIdOf(envelope)
    ),
  ]
}

function waitingRow({ type, id, dispatchedUpTo }: Of<'waiting'>): SqlStatement {
  const at = dispatchedUpTo === undefined ? 0 : microsOf(dispatchedUpTo)
  return sql('UPDATE entities SET dispatched_at = ?3 WHERE type = ?1 AND id = ?2', type, id, at)
}

function readModelRow({ type, sequence = '', value }: Of<'readModel'>, database: Database): SqlStatement {
  return storeReadModel(database, { type, id: String(value.id), sequence }, value)
}

function streamingRow({ table, row }: Of<'streaming'>): SqlStatement {
  const known = Object.hasOwn(STREAMING_TABLES, table) ? STREAMING_TABLES[table] : undefined
  if (!known) throw new StreamerError('OPTION_INVALID', `The streaming state has no table of this name.`, { at: table })
  // An export of an earlier version has no columns that came later: they get their defaults.
  const columns = known.columns.filter((name) => row[name] !== undefined)
  const places = columns.map((_, index) => `?${index + 1}`).join(', ')
  return sql(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`,
    ...columns.map((name) => valueOf(row, name))
  )
}

function valueOf(row: StreamingRow, name: string): SqlValue {
  const value = row[name] ?? null
  return typeof value === 'object' && value !== null ? Buffer.from(value.base64, 'base64') : value
}

/** Places go on behind the highest that was written: SQLite sees to that itself. */
export function restartPlaces(dialect: Dialect['name']): SqlStatement[] {
  if (dialect === 'sqlite') return []
  return ['pending', 'parked'].map((table) =>
    sql(
      `SELECT setval(pg_get_serial_sequence('${table}', 'place'), coalesce((SELECT max(place) FROM ${table}), 0) + 1, false)`
    )
  )
}
