import type { LaneId, ParkedEvent, ParkedLane } from '../records'
import type { LinkFailure, ParkedCount } from '../state-store'
import { BLOCKING } from './claims'
import { sql } from './database'
import type { SqlDatabase } from './database'
import { toFailure, toLane, toParked } from './rows'

const LAST_FAILURES = sql(
  `SELECT address, handler, last_at, cause FROM (
     SELECT address, handler, last_at, cause,
            row_number() OVER (PARTITION BY address, handler ORDER BY last_at DESC, place DESC) AS rank
     FROM parked WHERE cause IS NOT NULL
   ) AS failures WHERE rank = 1 ORDER BY address, handler`
)

const BY_LINK = sql(
  `SELECT address, handler, count(*) AS number, sum(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) AS dead,
          min(CASE WHEN state = 'retry' THEN due_at END) AS next_try
   FROM parked GROUP BY address, handler ORDER BY address, handler`
)

/** The lanes of an address that something parked blocks. */
export async function parkedLanes(database: SqlDatabase, address: string): Promise<ParkedLane[]> {
  const rows = await database.query(
    sql(
      `SELECT address, handler, lane, NULL AS source, NULL AS id, count(*) AS parked FROM parked
       WHERE address = ?1 AND lane IS NOT NULL AND ${BLOCKING} GROUP BY address, handler, lane
       UNION ALL
       SELECT address, handler, lane, source, id, 1 AS parked FROM parked
       WHERE address = ?1 AND lane IS NULL AND ${BLOCKING}`,
      address
    )
  )
  return rows.map(toLane)
}

/** The parked events that block a lane, oldest first. */
export async function parkedOf(
  database: SqlDatabase,
  { address, handler, key, source, id }: LaneId,
  limit: number
): Promise<ParkedEvent[]> {
  const ofLane = key === undefined ? 'lane IS NULL AND source = ?4 AND id = ?5' : 'lane = ?4'
  const values = key === undefined ? [source ?? '', id ?? ''] : [key]
  const rows = await database.query(
    sql(
      `SELECT * FROM parked WHERE address = ?1 AND handler = ?2 AND ${ofLane} AND ${BLOCKING} ORDER BY place LIMIT ?3`,
      address,
      handler,
      limit,
      ...values
    )
  )
  return rows.map(toParked)
}

/** What waits for a later try or behind one, oldest first, after a place. */
export async function parkedEvents(database: SqlDatabase, limit: number, after: number): Promise<ParkedEvent[]> {
  const rows = await database.query(
    sql(`SELECT * FROM parked WHERE state <> 'dead' AND place > ?2 ORDER BY place LIMIT ?1`, limit, after)
  )
  return rows.map(toParked)
}

/** Dead letters, oldest first, after a place. */
export async function deadLetters(database: SqlDatabase, limit: number, after: number): Promise<ParkedEvent[]> {
  const rows = await database.query(
    sql(`SELECT * FROM parked WHERE state = 'dead' AND place > ?2 ORDER BY place LIMIT ?1`, limit, after)
  )
  return rows.map(toParked)
}

/** What is parked and dead of each link, and when the next of it is tried. */
export async function parkedByLink(database: SqlDatabase): Promise<ParkedCount[]> {
  return (await database.query(BY_LINK)).map((row) => ({
    address: String(row.address),
    handler: String(row.handler),
    parked: Number(row.number) - Number(row.dead),
    deadLetters: Number(row.dead),
    ...(row.next_try === null ? {} : { nextTryAt: Number(row.next_try) }),
  }))
}

/** How each link failed last. */
export async function lastFailures(database: SqlDatabase): Promise<LinkFailure[]> {
  return (await database.query(LAST_FAILURES)).map(toFailure)
}
