import { furthestEnd } from '@boostercloud/streamer-connector'
import type { ClaimRequest, StateChange } from '../changes'
import type { IgnoredType } from '../ignored-types'
import type { Claim, KnownRun, LaneId, ParkedEvent, ParkedLane, PendingMark, Remains } from '../records'
import type {
  ClaimTerms,
  LinkFailure,
  MarksPage,
  ParkedCount,
  PendingCount,
  PlausibleTime,
  StateCounts,
  StateStore,
} from '../state-store'
import { claimAll } from './claims'
import { readIdentity, noteIdentity } from './move/identity'
import { IGNORED_TYPES, toIgnored } from './write/ignored'
import { hasContent, rowsIn, takeInto } from './move/move'
import { renameIn } from './move/rename'
import type { Renamed, Renaming } from '../renaming'
import type { IdentityNote, StateIdentity } from '../move/state-identity'
import type { StateRow, StateRowCounts } from '../move/state-rows'
import { sql } from './database'
import type { SqlDatabase } from './database'
import { deadLetters, lastFailures, parkedByLink, parkedEvents, parkedLanes, parkedOf } from './park-queries'
import { toMark, toRun } from './rows'
import { statementsOf } from './write/statements'
import { correctTimers, dueTimers, nextTimerAt, timerOf } from './timers'
import type { Timer, TimersPage } from '../timers'
import type { Finish } from './write/finish'
import { Gathering, LONGEST_LEASE_MS } from '../../timing'

const LEASE = `
  INSERT INTO leases (name, owner, until) VALUES (?1, ?2, ?3)
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
  WHERE leases.owner = excluded.owner OR leases.until <= ?4 OR leases.until > ?5 RETURNING name`

/**
 * The state on a SQL database.
 * @internal
 */
export class SqlStateStore implements StateStore {
  /** Events that are finished at about the same time, on several keys, share a transaction. */
  private readonly finishes = new Gathering<Finish>((finishes) => this.write(finishes))

  public constructor(private readonly database: SqlDatabase) {}

  public get name(): string {
    return this.database.name
  }

  public async commit(changes: readonly StateChange[]): Promise<void> {
    const [first] = changes
    if (changes.length === 1 && first.do === 'finish' && first.owner === undefined) await this.finishes.add(first)
    else await this.write(changes)
  }

  public async claim(requests: readonly ClaimRequest[], claiming: ClaimTerms): Promise<Claim[]> {
    if (requests.length === 0) return []
    return claimAll(this.database, requests, claiming)
  }

  public async lease(
    names: readonly string[],
    { owner, now, leaseMs }: { owner: string; now: number; leaseMs: number }
  ): Promise<string[]> {
    const furthest = furthestEnd(now, leaseMs)
    const rows = await this.database.transaction(
      names.map((name) => sql(LEASE, name, owner, now + leaseMs, now, furthest))
    )
    return names.filter((_, index) => rows[index].length > 0)
  }

  public async leaseHolders(prefix: string, now: number): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.query(
      sql(
        'SELECT name, owner FROM leases WHERE substr(name, 1, ?2) = ?1 AND until > ?3 AND until <= ?4',
        prefix,
        prefix.length,
        now,
        furthestEnd(now, LONGEST_LEASE_MS)
      )
    )
    return new Map(rows.map((row) => [String(row.name), String(row.owner)]))
  }

  public async release(names: readonly string[], owner: string): Promise<void> {
    await this.database.transaction(
      names.map((name) => sql('DELETE FROM leases WHERE name = ?1 AND owner = ?2', name, owner))
    )
  }

  public async pendingAddresses(): Promise<string[]> {
    const rows = await this.database.query(sql('SELECT DISTINCT address FROM pending WHERE refused IS NULL'))
    return rows.map((row) => String(row.address))
  }

  public async pendingMarks(
    address: string,
    { limit, after, slots }: MarksPage
  ): Promise<(PendingMark & { readonly place: number })[]> {
    const ofSlots = slots ? `AND slot IN (${slots.map(Number).join(', ') || 'NULL'})` : ''
    const rows = await this.database.query(
      sql(
        `SELECT * FROM pending WHERE address = ?1 AND refused IS NULL AND place > ?2 ${ofSlots} ORDER BY place LIMIT ?3`,
        address,
        after ?? 0,
        limit
      )
    )
    return rows.map(toMark)
  }

  public async parkedLanes(address: string): Promise<ParkedLane[]> {
    return parkedLanes(this.database, address)
  }

  public async parkedOf(lane: LaneId, limit: number): Promise<ParkedEvent[]> {
    return parkedOf(this.database, lane, limit)
  }

  public async parkedEvents(limit: number, after = 0): Promise<ParkedEvent[]> {
    return parkedEvents(this.database, limit, after)
  }

  public async deadLetters(limit: number, after = 0): Promise<ParkedEvent[]> {
    return deadLetters(this.database, limit, after)
  }

  public async refusedMarks(limit: number): Promise<(PendingMark & { readonly cause: string })[]> {
    const rows = await this.database.query(
      sql('SELECT * FROM pending WHERE refused IS NOT NULL ORDER BY place LIMIT ?1', limit)
    )
    return rows.map((row) => ({ ...toMark(row), cause: String(row.refused) }))
  }

  public async pausedLinks(): Promise<{ readonly address: string; readonly handler: string }[]> {
    const rows = await this.database.query(sql('SELECT address, handler FROM paused_links'))
    return rows.map((row) => ({ address: String(row.address), handler: String(row.handler) }))
  }

  public async revision(): Promise<number> {
    const [row] = await this.database.query(sql('SELECT number FROM revision'))
    return Number(row.number)
  }

  public async pendingByAddress(): Promise<ReadonlyMap<string, PendingCount>> {
    const rows = await this.database.query(
      sql(
        'SELECT address, count(*) AS number, min(marked_at) AS oldest FROM pending WHERE refused IS NULL GROUP BY address'
      )
    )
    return new Map(
      rows.map((row) => [String(row.address), { count: Number(row.number), oldestAt: Number(row.oldest) }])
    )
  }

  public async parkedByLink(): Promise<ParkedCount[]> {
    return parkedByLink(this.database)
  }

  public async lastFailures(): Promise<LinkFailure[]> {
    return lastFailures(this.database)
  }

  public async position(address: string): Promise<string | undefined> {
    const rows = await this.database.query(sql('SELECT position FROM positions WHERE address = ?1', address))
    return rows[0] && String(rows[0].position)
  }

  public async dueTimers(page: TimersPage): Promise<Timer[]> {
    return dueTimers(this.database, page)
  }

  public async nextTimerAt(): Promise<number | undefined> {
    return nextTimerAt(this.database)
  }

  public async timer(handler: string, name: string): Promise<Timer | undefined> {
    return timerOf(this.database, handler, name)
  }

  public async correctTimers(now: number): Promise<number> {
    return correctTimers(this.database, now)
  }

  public async knownRuns(now: number): Promise<KnownRun[]> {
    const rows = await this.database.query(
      sql(`SELECT address, handler, source, id, began_at, claimed_until, starts FROM inbox
           WHERE address IS NOT NULL AND state <> 'finished' ORDER BY address, handler, began_at`)
    )
    return rows.map((row) => toRun(row, now))
  }

  public async ignoredTypes(): Promise<IgnoredType[]> {
    return (await this.database.query(IGNORED_TYPES)).map(toIgnored)
  }

  public async positions(): Promise<{ readonly name: string; readonly position: string }[]> {
    const rows = await this.database.query(sql('SELECT address, position FROM positions ORDER BY address'))
    return rows.map(({ address, position }) => ({ name: String(address), position: String(position) }))
  }

  public async identity(): Promise<StateIdentity> {
    return readIdentity(this.database)
  }

  public async noteIdentity(notes: readonly IdentityNote[]): Promise<void> {
    await noteIdentity(this.database, notes)
  }

  public async hasContent(): Promise<boolean> {
    return hasContent(this.database)
  }

  public async rename(renaming: Renaming, now: number): Promise<Renamed> {
    return renameIn(this.database, renaming, now)
  }

  public rows(): AsyncIterable<StateRow> {
    return rowsIn(this.database)
  }

  public async takeIn(rows: AsyncIterable<StateRow>, from?: string): Promise<StateRowCounts> {
    return takeInto(this.database, rows, from)
  }

  public async counts(): Promise<StateCounts> {
    const [row] = await this.database.query(
      sql(`SELECT (SELECT count(*) FROM pending WHERE refused IS NULL) AS pending,
                  (SELECT count(*) FROM pending WHERE refused IS NOT NULL) AS refused,
                  (SELECT count(*) FROM inbox) AS inbox,
                  (SELECT count(*) FROM parked WHERE state <> 'dead') AS parked,
                  (SELECT count(*) FROM parked WHERE state = 'dead') AS dead_letters,
                  (SELECT count(*) FROM timers) AS timers`)
    )
    return {
      pending: Number(row.pending),
      refused: Number(row.refused),
      inbox: Number(row.inbox),
      parked: Number(row.parked),
      deadLetters: Number(row.dead_letters),
      timers: Number(row.timers),
    }
  }

  public async expireInbox(before: number, plausible?: PlausibleTime): Promise<number> {
    return this.expire({ table: 'inbox', which: `state = 'finished'`, dated: 'at' }, before, plausible)
  }

  public async expireDeadLetters(before: number, plausible?: PlausibleTime): Promise<number> {
    return this.expire({ table: 'parked', which: `state = 'dead' AND holds = 0`, dated: 'last_at' }, before, plausible)
  }

  public async forgetKey(key: string): Promise<number> {
    const rows = await this.database.transaction(
      ['parked', 'timers'].map((table) => sql(`DELETE FROM ${table} WHERE lane = ?1 RETURNING 1 AS gone`, key))
    )
    return rows.flat().length
  }

  public async shred(): Promise<readonly Remains[]> {
    return (await this.database.shred?.()) ?? []
  }

  public async probe(): Promise<void> {
    await this.database.probe?.()
  }

  public async close(): Promise<void> {
    await this.finishes.quiet()
    await this.database.close()
  }

  private async expire(
    { table, which, dated }: { readonly table: string; readonly which: string; readonly dated: string },
    before: number,
    plausible: PlausibleTime | undefined
  ): Promise<number> {
    const gone = sql(`DELETE FROM ${table} WHERE ${which} AND ${dated} < ?1 RETURNING 1 AS gone`, before)
    if (plausible === undefined) return (await this.database.transaction([gone]))[0].length
    const { from, to, now } = plausible
    const text = `UPDATE ${table} SET ${dated} = ?1 WHERE ${which} AND (${dated} < ?2 OR ${dated} > ?3)`
    const [, rows] = await this.database.transaction([sql(text, now, from, to), gone])
    return rows.length
  }

  private async write(changes: readonly StateChange[]): Promise<void> {
    const statements = statementsOf(changes)
    const lazily = changes.every(isLazy)
    if (statements.length > 0) await this.database.transaction(statements, { lazily })
  }
}

/** Whether a change may be lost with the power. */
function isLazy(change: StateChange): boolean {
  return change.do === 'count-ignored' || (change.do === 'move-position' && change.lazily === true)
}
