import { IGNORED_FORGOTTEN_MS, IGNORED_NAMES } from '../../ignored-types'
import type { IgnoredType } from '../../ignored-types'
import { sql } from '../database'
import type { SqlRow, SqlStatement } from '../database'

/** What types beyond `IGNORED_NAMES` are counted under. */
const OTHERS = ''

/** Adds to what was counted. Replicas that add new names at the same moment may add some more than there should be. */
export function ignoredStatements({ address, type = OTHERS, events, lastAt }: IgnoredType): SqlStatement[] {
  return [
    sql(
      'DELETE FROM ignored_types WHERE address = ?1 AND (last_at < ?2 OR last_at > ?3)',
      address,
      lastAt - IGNORED_FORGOTTEN_MS,
      lastAt + IGNORED_FORGOTTEN_MS
    ),
    sql(
      `INSERT INTO ignored_types (address, type, events, last_at)
       SELECT ?1, CASE
         WHEN EXISTS (SELECT 1 FROM ignored_types WHERE address = ?1 AND type = ?2) THEN ?2
         WHEN (SELECT count(*) FROM ignored_types WHERE address = ?1 AND type <> '${OTHERS}') < ${IGNORED_NAMES} THEN ?2
         ELSE '${OTHERS}' END, CAST(?3 AS BIGINT), CAST(?4 AS BIGINT) WHERE true
       ON CONFLICT (address, type) DO UPDATE
         SET events = ignored_types.events + excluded.events, last_at = excluded.last_at`,
      address,
      type,
      events,
      lastAt
    ),
  ]
}

/** Adds what was counted of an address to what was of another one, and answers a row for each type. A type whose events both had counts as one of the later time. */
export function ignoredMoves({ from, to }: { readonly from: string; readonly to: string }): SqlStatement[] {
  return [
    sql(
      `INSERT INTO ignored_types (address, type, events, last_at)
       SELECT ?2, type, events, last_at FROM ignored_types WHERE address = ?1
       ON CONFLICT (address, type) DO UPDATE
         SET events = ignored_types.events + excluded.events,
           last_at = CASE WHEN ignored_types.last_at > excluded.last_at THEN ignored_types.last_at ELSE excluded.last_at END
       RETURNING type`,
      from,
      to
    ),
    sql('DELETE FROM ignored_types WHERE address = ?1', from),
  ]
}

/** All that was counted. */
export const IGNORED_TYPES = sql('SELECT address, type, events, last_at FROM ignored_types ORDER BY address, type')

export function toIgnored({ address, type, events, last_at: lastAt }: SqlRow): IgnoredType {
  const counted = { events: Number(events), lastAt: Number(lastAt) }
  return { address: String(address), type: type === OTHERS ? undefined : String(type), ...counted }
}
