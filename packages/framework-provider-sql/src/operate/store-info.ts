import type { Database } from '../database/database'
import { timeOf } from '../events/times'
import { sql } from '../sql'

/**
 * What a store holds, in numbers.
 * @internal
 */
export interface StoreInfo {
  /** Where it is, without a password. */
  readonly name: string
  readonly events: number
  readonly entities: number
  /** Time of the newest event. */
  readonly newest?: string
  /** Read models by their type. */
  readonly readModels: Readonly<Record<string, number>>
  /** Entities with events that are not dispatched. */
  readonly waiting: number
  /** Those of them whose dispatch has failed, and the last failure of each, up to ten. */
  readonly failing: readonly {
    readonly type: string
    readonly id: string
    readonly attempts: number
    readonly failure: string
  }[]
  /** Events that the broker has not confirmed. */
  readonly pending: number
  /** Events that wait for a later try, and dead letters. */
  readonly parked: number
}

/** Counts; of a large store on PostgreSQL that takes a while. */
export async function storeInfo(database: Database): Promise<StoreInfo> {
  const count = async (from: string): Promise<number> => {
    const [row] = await database.query(sql(`SELECT count(*) AS counted FROM ${from}`))
    return Number(row.counted)
  }
  const [newest] = await database.query(sql('SELECT max(last_at) AS at FROM entities'))
  const types = await database.query(
    sql('SELECT type, count(*) AS counted FROM read_models GROUP BY type ORDER BY type')
  )
  const failing = await database.query(
    sql(
      `SELECT type, id, attempts, failure FROM entities
       WHERE last_at > dispatched_at AND attempts > 0 ORDER BY attempts DESC, type, id LIMIT 10`
    )
  )
  return {
    name: database.name,
    events: await count('events'),
    entities: await count('entities'),
    newest: newest?.at ? timeOf(Number(newest.at)) : undefined,
    readModels: Object.fromEntries(types.map(({ type, counted }) => [String(type), Number(counted)])),
    waiting: await count('entities WHERE last_at > dispatched_at'),
    failing: failing.map(({ type, id, attempts, failure }) => ({
      type: String(type),
      id: String(id),
      attempts: Number(attempts),
      failure: String(failure ?? ''),
    })),
    pending: await count('pending'),
    parked: await count('parked'),
  }
}
