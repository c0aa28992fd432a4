import type { EntitySnapshotEnvelope, ReadModelInterface } from '@boostercloud/framework-types'
import type { Database, SqlRow } from '../database/database'
import { toEvent } from '../events/read'
import { timeOf } from '../events/times'
import { rowsOf } from './pages'
import { FORMAT, RecordCounter } from './record'
import type { StoreRecord, StreamingRow } from './record'
import { STREAMING_TABLES } from './tables'

/**
 * All that a store holds, but for connections, subscriptions and leases. Of each entity the events come in their order. It may be running; then
 * what comes later may be newer than what came first.
 */
export async function* exportStore(database: Database): AsyncGenerator<StoreRecord> {
  const counter = new RecordCounter()
  yield { store: { format: FORMAT } }
  for (const records of [eventsOf, waitingOf, snapshotsOf, readModelsOf, dispatchedOf, streamingOf]) {
    for await (const record of records(database)) {
      counter.add(record)
      yield record
    }
  }
  yield { end: counter.counts }
}

async function* eventsOf(database: Database): AsyncGenerator<StoreRecord> {
  const key = ['entity_type', 'entity_id', 'at']
  for await (const row of rowsOf(database, 'events', [...key, 'envelope'], key)) yield { event: toEvent(row) }
}

async function* waitingOf(database: Database): AsyncGenerator<StoreRecord> {
  const columns = ['type', 'id', 'last_at', 'dispatched_at']
  for await (const { type, id, last_at, dispatched_at } of rowsOf(database, 'entities', columns, ['type', 'id'])) {
    if (Number(last_at) <= Number(dispatched_at)) continue
    const dispatchedUpTo = Number(dispatched_at) > 0 ? timeOf(Number(dispatched_at)) : undefined
    yield { waiting: { type: String(type), id: String(id), dispatchedUpTo } }
  }
}

async function* snapshotsOf(database: Database): AsyncGenerator<StoreRecord> {
  const key = ['entity_type', 'entity_id']
  for await (const { envelope } of rowsOf(database, 'snapshots', [...key, 'envelope'], key)) {
    yield { snapshot: JSON.parse(String(envelope)) as EntitySnapshotEnvelope }
  }
}

async function* readModelsOf(database: Database): AsyncGenerator<StoreRecord> {
  const key = ['type', 'id', 'sequence']
  for await (const { type, sequence, value } of rowsOf(database, 'read_models', [...key, 'value'], key)) {
    const readModel = { type: String(type), value: JSON.parse(String(value)) as ReadModelInterface }
    yield { readModel: sequence === '' ? readModel : { ...readModel, sequence: String(sequence) } }
  }
}

async function* dispatchedOf(database: Database): AsyncGenerator<StoreRecord> {
  for await (const { id } of rowsOf(database, 'dispatched_events', ['id'], ['id'])) yield { dispatched: String(id) }
}

async function* streamingOf(database: Database): AsyncGenerator<StoreRecord> {
  for (const [table, { columns, key }] of Object.entries(STREAMING_TABLES)) {
    for await (const row of rowsOf(database, table, columns, key)) yield { streaming: { table, row: asJson(row) } }
  }
}

function asJson(row: SqlRow): StreamingRow {
  const cells = Object.entries(row).map(([name, value]) => {
    if (typeof value === 'bigint') return [name, Number(value)]
    if (value instanceof Uint8Array) return [name, { base64: Buffer.from(value).toString('base64') }]
    return [name, value]
  })
  return Object.fromEntries(cells) as StreamingRow
}
