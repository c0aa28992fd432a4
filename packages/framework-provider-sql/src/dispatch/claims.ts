import type { Database, SqlRow } from '../database/database'
import { groupedBy, keysOf, sql } from '../sql'
import { LONGEST_DELAY_MS } from './committer'
import { toEvent, toSnapshot } from '../events/read'
import { Revival } from '../values/revival'
import type { WaitingEntity } from './entity-work'
import { entityKey, entityOf } from '../events/append'

/** Entities that are dispatched together, at most. */
const MOST_ENTITIES = 256
/** Events that are read for them, at most. */
const MOST_EVENTS = 4_096

/** Milliseconds for which a process has an entity to itself; renewed while it works on it. */
export const LEASE_MS = 10_000

/** No lease and no delay is longer: a time further ahead was written by a clock that was wrong, and holds nothing up. Milliseconds. */
const FURTHEST_MS = 2 * LONGEST_DELAY_MS

const passed = (column: string): string => `(${column} <= ?1 OR ${column} > CAST(?1 AS BIGINT) + ${FURTHEST_MS})`
const WAITING = `last_at > dispatched_at AND ${passed('due_at')}`

/** Takes entities that have something to dispatch: each is one process's at a time, and of one batch at a time. */
export class Claims {
  private readonly running = new Set<string>()

  public constructor(
    private readonly database: Database,
    private readonly owner: string,
    private readonly revival = new Revival({})
  ) {}

  /** Whether this process works on any. */
  public get isBusy(): boolean {
    return this.running.size > 0
  }

  /** Those that have waited longest, with their events. */
  public async take(now: number = Date.now()): Promise<WaitingEntity[]> {
    const rows = this.database.shared ? await this.lease(now) : await this.list(now)
    const free = rows.filter((row) => !this.running.has(entityKey(String(row.type), row.id))).slice(0, MOST_ENTITIES)
    if (free.length === 0) return []
    const taken = await this.withEvents(free)
    for (const { type, id } of taken) this.running.add(entityKey(type, id))
    if (taken.length < rows.length) await this.giveBack(rows)
    return taken
  }

  /** Lets them go again in this process. */
  public done(entities: readonly WaitingEntity[]): void {
    for (const { type, id } of entities) this.running.delete(entityKey(type, id))
  }

  /** Keeps what is leased. */
  public async renew(now: number = Date.now()): Promise<void> {
    if (!this.database.shared || !this.isBusy) return
    await this.database.transaction([
      sql('UPDATE entities SET leased_until = ?2 WHERE owner = ?1 AND leased_until > 0', this.owner, now + LEASE_MS),
    ])
  }

  /** Milliseconds since 1970 at which something is due that is not now; undefined: nothing. */
  public async nextDue(now: number): Promise<number | undefined> {
    const [{ due }] = await this.database.query(
      sql('SELECT min(due_at) AS due FROM entities WHERE last_at > dispatched_at AND due_at > ?1', now)
    )
    return due === null ? undefined : Number(due)
  }

  /** How far entities are dispatched, by whichever process; Infinity where that has failed. */
  public async progress(keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query(
      sql(
        `SELECT type, id, dispatched_at, attempts FROM ${this.database.dialect.keys} AS wanted
         JOIN entities ON type = a AND id = b`,
        keysOf(keys.map(entityOf))
      )
    )
    return new Map(
      rows.map((row) => [
        entityKey(String(row.type), row.id),
        Number(row.attempts) > 0 ? Infinity : Number(row.dispatched_at),
      ])
    )
  }

  /** What was leased and is not worked on, as there was too much of the others. */
  private async giveBack(rows: readonly SqlRow[]): Promise<void> {
    if (!this.database.shared) return
    const left = rows.filter(({ type, id }) => !this.running.has(entityKey(String(type), id)))
    await this.database.transaction(
      left.map(({ type, id }) =>
        sql('UPDATE entities SET leased_until = 0 WHERE type = ?1 AND id = ?2 AND owner = ?3', type, id, this.owner)
      )
    )
  }

  private async list(now: number): Promise<SqlRow[]> {
    const limit = MOST_ENTITIES + this.running.size
    return this.database.query(
      sql(
        `SELECT type, id, dispatched_at, attempts FROM entities WHERE ${WAITING} ORDER BY due_at LIMIT ?2`,
        now,
        limit
      )
    )
  }

  private async lease(now: number): Promise<SqlRow[]> {
    const [rows] = await this.database.transaction([
      sql(
        `UPDATE entities SET owner = ?2, leased_until = ?3 WHERE (type, id) IN (
           SELECT type, id FROM entities WHERE ${WAITING} AND ${passed('leased_until')} ORDER BY due_at LIMIT ?4
           ${this.database.dialect.skipLocked}
         ) RETURNING type, id, dispatched_at, attempts`,
        now,
        this.owner,
        now + LEASE_MS,
        MOST_ENTITIES
      ),
    ])
    return rows
  }

  private async withEvents(rows: readonly SqlRow[]): Promise<WaitingEntity[]> {
    const keys = keysOf(rows.map((row) => [row.type, row.id, Number(row.dispatched_at)]))
    const wanted = `${this.database.dialect.keys} AS wanted`
    const [events, snapshots] = await Promise.all([
      this.database.query(
        sql(
          `SELECT entity_type, entity_id, at, envelope FROM ${wanted}
           JOIN events ON entity_type = a AND entity_id = b AND at > c ORDER BY entity_type, entity_id, at LIMIT ?2`,
          keys,
          MOST_EVENTS
        )
      ),
      this.database.query(
        sql(
          `SELECT entity_type, entity_id, envelope FROM ${wanted}
           JOIN snapshots ON entity_type = a AND entity_id = b`,
          keys
        )
      ),
    ])
    const eventsOf = byEntity(events)
    const snapshotsOf = byEntity(snapshots)
    return rows.flatMap((row) => {
      const key = entityKey(String(row.type), row.id)
      return waiting(row, eventsOf.get(key) ?? [], snapshotsOf.get(key)?.[0], this.revival)
    })
  }
}

/** One that has failed before is carried on event by event, so that those before the failing one are done once. */
function waiting(
  row: SqlRow,
  events: readonly SqlRow[],
  snapshot: SqlRow | undefined,
  revival: Revival
): WaitingEntity[] {
  if (events.length === 0) return []
  const attempts = Number(row.attempts)
  return [
    {
      type: String(row.type),
      id: String(row.id),
      attempts,
      dispatchedAt: Number(row.dispatched_at),
      events: events.slice(0, attempts > 0 ? 1 : events.length).map((event) => revival.event(toEvent(event))),
      snapshot: snapshot && revival.snapshot(toSnapshot(snapshot)),
    },
  ]
}

function byEntity(rows: readonly SqlRow[]): ReadonlyMap<string, SqlRow[]> {
  return groupedBy(rows, (row) => entityKey(String(row.entity_type), row.entity_id))
}
