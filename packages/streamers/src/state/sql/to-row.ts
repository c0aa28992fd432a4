import type { ParkedEvent, PendingMark } from '../records'
import type { StateRow } from '../move/state-rows'
import type { Timer } from '../timers'

/**
 * A mark as a row that another state takes over. `refused`: why its streamer will not take it.
 * @internal
 */
export function rowOfMark(mark: PendingMark, refused?: string): StateRow {
  const { address, id, typeName, entityTypeName, entityId, slot, markedAt, owner, context } = mark
  const row = { address, id, type_name: typeName, entity_type_name: entityTypeName, entity_id: entityId, slot, owner }
  return {
    table: 'pending',
    row: { ...row, marked_at: markedAt, context: JSON.stringify(context), refused: refused ?? null },
  }
}

/**
 * A parked event as a row that another state takes over.
 * @internal
 */
export function rowOfParked(parked: ParkedEvent): StateRow {
  const { address, handler, key, source, id, state, holds, attempts, dueAt, firstAt, lastAt, cause, event } = parked
  const tried = { attempts, due_at: dueAt, first_at: firstAt, last_at: lastAt }
  return {
    table: 'parked',
    row: {
      ...tried,
      address,
      handler,
      lane: key ?? null,
      source,
      id,
      state,
      holds: holds ? 1 : 0,
      cause: cause === undefined ? null : JSON.stringify(cause),
      event,
    },
  }
}

/**
 * A timer as a row that another state takes over.
 * @internal
 */
export function rowOfTimer({ handler, name, id, dueAt, setAt, delayMs, key, content }: Timer): StateRow {
  const times = { due_at: dueAt, set_at: setAt, delay_ms: delayMs ?? null }
  return { table: 'timers', row: { handler, name, id, ...times, lane: key ?? null, content } }
}
