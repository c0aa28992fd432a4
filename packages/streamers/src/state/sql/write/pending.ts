import type { StateChange } from '../../changes'
import type { PendingMark } from '../../records'
import { sql } from '../database'
import type { SqlStatement, SqlValue } from '../database'
import { distinct, flatten, parameters, pieces, textBySize } from './many'

/** That an event is to be published. */
export type MarkPending = Extract<StateChange, { do: 'mark-pending' }>

type Unmark = Extract<StateChange, { do: 'unmark' }>

const MARK = textBySize(
  (rows) =>
    `INSERT INTO pending (address, id, type_name, entity_type_name, entity_id, slot, marked_at, owner, context)
     VALUES ${parameters(rows, 9, { behind: 0 })}
     ON CONFLICT (address, id) DO UPDATE SET owner = excluded.owner, marked_at = excluded.marked_at`
)

const UNMARK = textBySize((rows) => `DELETE FROM pending WHERE ${isOneOf(rows, 1)}`)

const UNMARK_OWN = textBySize((rows) => `DELETE FROM pending WHERE owner = ?2 AND ${isOneOf(rows, 2)}`)

/**
 * Whether a mark has the address of the first parameter, and one of so many ids, which stand behind `behind` parameters. Each is looked up by
 * itself: mostly nothing is pending, and then very much, so that a server which plans by what it has counted would read all of it each time.
 */
function isOneOf(rows: number, behind: number): string {
  const places = Array.from(
    { length: rows },
    (_, index) => `(SELECT place FROM pending WHERE address = ?1 AND id = ?${behind + 1 + index})`
  )
  return `place IN (${places.join(', ')})`
}

/** Marks, at places in their order. */
export function markStatements(changes: readonly MarkPending[]): SqlStatement[] {
  const all = distinct(changes, ({ mark: { address, id } }) => JSON.stringify([address, id]))
  return pieces(all).map((some) => sql(MARK(some.length), ...flatten(some, ({ mark }) => markValues(mark))))
}

/** Takes marks away. */
export function unmarkStatements({ address, ids, owner }: Unmark): SqlStatement[] {
  return pieces(ids).map((some) =>
    owner === undefined
      ? sql(UNMARK(some.length), address, ...some)
      : sql(UNMARK_OWN(some.length), address, owner, ...some)
  )
}

function markValues(mark: PendingMark): SqlValue[] {
  return [
    mark.address,
    mark.id,
    mark.typeName,
    mark.entityTypeName,
    mark.entityId,
    mark.slot,
    mark.markedAt,
    mark.owner,
    JSON.stringify(mark.context),
  ]
}
