import type { EventEnvelope, NonPersistedEventEnvelope } from '@boostercloud/framework-types'
import { sql } from '../sql'
import type { SqlRow, SqlStatement } from '../database/database'
import { textOf } from './deleted'
import { timeOf } from './times'

/** Gives the entity's row, which is locked by that, as many times as there are events: the last of them is answered. */
const TAKE_TIMES = `
  INSERT INTO entities (type, id, last_at, dispatched_at, due_at) VALUES (?1, ?2, ?3, 0, ?5)
  ON CONFLICT (type, id) DO UPDATE SET
    last_at = CASE WHEN entities.last_at > excluded.last_at - ?4 THEN entities.last_at + ?4 ELSE excluded.last_at END,
    due_at = CASE WHEN entities.last_at > entities.dispatched_at THEN entities.due_at ELSE excluded.due_at END
  RETURNING last_at`

const INSERT = `
  INSERT INTO events (entity_type, entity_id, at, type, envelope, streams_id)
  SELECT type, id, last_at - ?3, ?4, ?5, ?6 FROM entities WHERE type = ?1 AND id = ?2`

/** Events to be stored, as statements of one transaction, and what came of it. */
export interface Append {
  readonly statements: readonly SqlStatement[]
  /** Given the rows that the statements answered, the envelopes with their times, in the order given. */
  readonly stored: (rows: readonly (readonly SqlRow[])[]) => EventEnvelope[]
}

/** Entities come in the order of their names, so that two transactions lock them in one order. */
export function append(envelopes: readonly NonPersistedEventEnvelope[], now: number = Date.now()): Append {
  const statements: SqlStatement[] = []
  const times: { readonly statement: number; readonly back: number }[] = []
  for (const group of groups(envelopes)) {
    const [{ entityTypeName, entityID }] = group.map(({ envelope }) => envelope)
    const entity = [entityTypeName, String(entityID)]
    const statement = statements.length
    const count = group.length
    statements.push(sql(TAKE_TIMES, ...entity, now * 1_000 + count - 1, count, now))
    group.forEach(({ envelope, index }, position) => {
      const back = count - 1 - position
      times[index] = { statement, back }
      statements.push(sql(INSERT, ...entity, back, envelope.typeName, textOf(envelope), streamsIdOf(envelope)))
    })
  }
  const timeAt = (rows: Parameters<Append['stored']>[0], index: number): string =>
    timeOf(Number(rows[times[index].statement][0].last_at) - times[index].back)
  return {
    statements,
    stored: (rows) => envelopes.map((envelope, index) => ({ ...envelope, createdAt: timeAt(rows, index) })),
  }
}

interface Placed {
  readonly envelope: NonPersistedEventEnvelope
  readonly index: number
}

function groups(envelopes: readonly NonPersistedEventEnvelope[]): Placed[][] {
  const byEntity = new Map<string, Placed[]>()
  envelopes.forEach((envelope, index) => {
    const key = entityKey(envelope.entityTypeName, envelope.entityID)
    const group = byEntity.get(key)
    if (group) group.push({ envelope, index })
    else byEntity.set(key, [{ envelope, index }])
  })
  return [...byEntity].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group)
}

/** The id that streaming has given to an event; null where it is not streamed. */
export function streamsIdOf(envelope: NonPersistedEventEnvelope): string | null {
  const { streamsId } = envelope as { readonly streamsId?: unknown }
  return typeof streamsId === 'string' ? streamsId : null
}

/** An entity as a key in memory: its type is the name of a class, and has no line end. */
export function entityKey(type: string, id: unknown): string {
  return `${type}\n${String(id)}`
}

/** Type and id of a key. */
export function entityOf(key: string): [type: string, id: string] {
  const end = key.indexOf('\n')
  return [key.slice(0, end), key.slice(end + 1)]
}
