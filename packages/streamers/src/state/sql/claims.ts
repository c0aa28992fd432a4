import { furthestEnd } from '@boostercloud/streamer-connector'
import type { ClaimRequest } from '../changes'
import type { Claim } from '../records'
import type { ClaimTerms } from '../state-store'
import { sql } from './database'
import type { SqlDatabase, SqlRow, SqlStatement } from './database'
import { columnsOf, nameOfKey } from './write/finish'
import { distinct, flatten, parameters, pieces, textBySize } from './write/many'
import { toClaim } from './rows'

/** What blocks a key: what is still to be tried, and dead letters that hold it. */
export const BLOCKING = `(state <> 'dead' OR holds = 1)`

const CLAIM = textBySize(
  (rows) =>
    `INSERT INTO inbox (handler, source, id, state, owner, claimed_until, at)
     VALUES ${parameters(rows, 3, { behind: 4, further: `, 'claimed', ?1, ?2, 0` })}
     ON CONFLICT (handler, source, id) DO UPDATE SET owner = excluded.owner, claimed_until = excluded.claimed_until,
       starts = CASE WHEN inbox.owner IN ('', excluded.owner) THEN inbox.starts ELSE COALESCE(inbox.starts, 0) END,
       began_at = CASE WHEN inbox.owner = excluded.owner THEN inbox.began_at END
     WHERE inbox.state <> 'finished' AND (inbox.owner = excluded.owner OR inbox.claimed_until <= ?3 OR inbox.claimed_until > ?4)
     RETURNING CASE WHEN state = 'claimed' AND starts IS NULL THEN 1 ELSE 0 END AS fresh`
)

const FIND = textBySize(
  (rows) =>
    `SELECT handler, source, id, state, owner, outcome, starts, slow FROM inbox
     WHERE (handler, source, id) IN (VALUES ${parameters(rows, 3, { behind: 0 })})`
)

const ANY_PARKED = `SELECT EXISTS (SELECT 1 FROM parked WHERE address = ?1 AND handler = ?2 AND ${BLOCKING}) AS parked`

/** What is parked of such lanes, and such events as are themselves parked. */
const FIND_PARKED = textBySize(
  (rows) =>
    `SELECT address, handler, lane, source, id FROM parked WHERE ${BLOCKING}
     AND (address, handler, lane) IN (VALUES ${parameters(rows, 3, { behind: 0 })})
     UNION ALL SELECT address, handler, lane, source, id FROM parked WHERE ${BLOCKING}
     AND (address, handler, source, id) IN (VALUES ${parameters(rows, 4, { behind: rows * 3 })})`
)

/**
 * Claims what is free in one transaction, which mostly finds everything free and nothing parked. Otherwise asks, behind it, how
 * far the events are that were not, and what is behind something in the park. It is lazy: with the power the claimant is gone, too.
 */
export async function claimAll(
  database: SqlDatabase,
  requests: readonly ClaimRequest[],
  claiming: ClaimTerms
): Promise<Claim[]> {
  const some = pieces(distinct(requests, nameOfKey))
  const links = linksOf(requests)
  const statements = [
    ...some.map((piece) => claim(piece, claiming)),
    ...links.map(({ address, handler }) => sql(ANY_PARKED, address, handler)),
  ]
  const rows = await database.transaction(statements, { lazily: true })
  const isParking = links.some((_, index) => Boolean(rows[some.length + index][0].parked))
  const unsure = some.filter((piece, index) => !isAllFresh(piece, rows[index])).flat()
  const inbox = new Map((await all(database, unsure, find)).map((row) => [nameOfKey(row), row]))
  const parked = new Parked(isParking ? await all(database, requests, findParked) : [])
  const asked = new Set(unsure.map(nameOfKey))
  return requests.map((request) => {
    const isBehind = !request.fromPark && parked.isBefore(request)
    if (asked.size === 0 || !asked.has(nameOfKey(request))) return { state: isBehind ? 'behind' : 'claimed' }
    return toClaim(inbox.get(nameOfKey(request)), claiming.owner, isBehind)
  })
}

function claim(requests: readonly ClaimRequest[], { owner, now, claimMs, sole }: ClaimTerms): SqlStatement {
  const over = sole ? Number.MAX_SAFE_INTEGER : now
  const furthest = furthestEnd(now, claimMs)
  return sql(CLAIM(requests.length), owner, now + claimMs, over, furthest, ...flatten(requests, columnsOf))
}

function find(requests: readonly ClaimRequest[]): SqlStatement {
  return sql(FIND(requests.length), ...flatten(requests, columnsOf))
}

function findParked(requests: readonly ClaimRequest[]): SqlStatement {
  return sql(
    FIND_PARKED(requests.length),
    ...flatten(requests, ({ address, handler, key }) => [address, handler, key ?? null]),
    ...flatten(requests, ({ address, handler, source, id }) => [address, handler, source, id])
  )
}

async function all(
  database: SqlDatabase,
  requests: readonly ClaimRequest[],
  question: (some: readonly ClaimRequest[]) => SqlStatement
): Promise<SqlRow[]> {
  return (await Promise.all(pieces(requests).map((piece) => database.query(question(piece))))).flat()
}

/** Whether all of them are claimed, no outcome waits for any, and none is under suspicion. */
function isAllFresh(requests: readonly ClaimRequest[], rows: readonly SqlRow[]): boolean {
  return rows.length === requests.length && rows.every(({ fresh }) => fresh === 1)
}

/** The links of what is not tried again from the park. */
function linksOf(requests: readonly ClaimRequest[]): ClaimRequest[] {
  const links: ClaimRequest[] = []
  for (const request of requests) {
    const { address, handler, fromPark } = request
    if (!fromPark && !links.some((link) => link.address === address && link.handler === handler)) links.push(request)
  }
  return links
}

/** What blocks requests. */
class Parked {
  private readonly lanes: ReadonlySet<string>
  private readonly events: ReadonlySet<string>

  public constructor(rows: readonly SqlRow[]) {
    this.lanes = new Set(rows.map(({ address, handler, lane }) => nameOf(address, handler, lane)))
    this.events = new Set(rows.map(({ address, handler, source, id }) => nameOf(address, handler, source, id)))
  }

  public isBefore(request: ClaimRequest): boolean {
    if (this.events.size === 0) return false
    const { address, handler, key, source, id } = request
    if (key !== undefined && this.lanes.has(nameOf(address, handler, key))) return true
    return this.events.has(nameOf(address, handler, source, id))
  }
}

function nameOf(...columns: readonly unknown[]): string {
  return JSON.stringify(columns)
}
