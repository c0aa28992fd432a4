import type { Database, SqlRow } from './database/database'
import { sql } from './sql'

/** What the health endpoint tells of the events. */
export interface EventsHealth {
  readonly database: string
  /** Events that are stored. */
  readonly count: number
  /** Entities with events that are not dispatched. */
  readonly waiting: number
  /** Those of them for which a handler or a projection fails. */
  readonly failing: number
}

/** How much of events there is, and how far they are dispatched. */
export async function eventsHealth(database: Database): Promise<EventsHealth> {
  const row = await one(
    database,
    `SELECT (SELECT count(*) FROM events) AS events,
            (SELECT count(*) FROM entities WHERE last_at > dispatched_at) AS waiting,
            (SELECT count(*) FROM entities WHERE last_at > dispatched_at AND attempts > 0) AS failing`
  )
  const { name } = database
  return { database: name, count: Number(row.events), waiting: Number(row.waiting), failing: Number(row.failing) }
}

/** How many read models there are. */
export async function readModelsHealth(database: Database): Promise<{ database: string; count: number }> {
  const { number } = await one(database, 'SELECT count(*) AS number FROM read_models')
  return { database: database.name, count: Number(number) }
}

/** Whether the database answers, and takes what is written to it. */
export async function isUp(open: () => Promise<Database>): Promise<boolean> {
  try {
    await (await open()).probe()
    return true
  } catch {
    return false
  }
}

async function one(database: Database, text: string): Promise<SqlRow> {
  const [row] = await database.query(sql(text))
  return row
}
