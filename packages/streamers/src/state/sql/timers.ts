import type { StateChange } from '../changes'
import { CLOCK_AHEAD_MS } from '../timers'
import type { Timer, TimersPage } from '../timers'
import { sql } from './database'
import type { SqlDatabase, SqlRow, SqlStatement, SqlValue } from './database'
import { distinct, flatten, parameters, pieces, textBySize } from './write/many'

/** That a timer is set. */
export type SetTimer = Extract<StateChange, { do: 'set-timer' }>

type CancelTimer = Extract<StateChange, { do: 'cancel-timer' }>

const COLUMNS = 'handler, name, id, due_at, set_at, delay_ms, lane, content'

const INSERT = textBySize(
  (rows) => `INSERT INTO timers (${COLUMNS}) VALUES ${parameters(rows, 8, { behind: 0 })} ON CONFLICT (handler, name)`
)
const SET_NEW = textBySize((rows) => `${INSERT(rows)} DO NOTHING`)
const SET = textBySize(
  (rows) =>
    `${INSERT(rows)} DO UPDATE SET id = excluded.id, due_at = excluded.due_at, set_at = excluded.set_at,
       delay_ms = excluded.delay_ms, lane = excluded.lane, content = excluded.content`
)

/** Sets timers, all of them with `ifNone` or none; of several of one name the last one holds. */
export function setTimerStatements(changes: readonly SetTimer[]): SqlStatement[] {
  const text = changes[0].ifNone ? SET_NEW : SET
  const all = distinct(changes, ({ timer: { handler, name } }) => JSON.stringify([handler, name]))
  return pieces(all).map((some) => sql(text(some.length), ...flatten(some, ({ timer }) => valuesOf(timer))))
}

/** Takes a timer away; with an id that setting of it only. */
export function cancelTimerStatements({ handler, name, id }: CancelTimer): SqlStatement[] {
  const ofName = 'DELETE FROM timers WHERE handler = ?1 AND name = ?2'
  return [id === undefined ? sql(ofName, handler, name) : sql(`${ofName} AND id = ?3`, handler, name, id)]
}

/** Timers in the order in which they are due. */
export async function dueTimers(
  database: SqlDatabase,
  { limit, by = Number.MAX_SAFE_INTEGER, after, key }: TimersPage
): Promise<Timer[]> {
  const values: SqlValue[] = [by, limit]
  const and = (condition: (first: number) => string, ...own: SqlValue[]): string => {
    const text = ` AND ${condition(values.length + 1)}`
    values.push(...own)
    return text
  }
  const behind = after
    ? and((n) => `(due_at, handler, name) > (?${n}, ?${n + 1}, ?${n + 2})`, after.dueAt, after.handler, after.name)
    : ''
  const ofKey = key === undefined ? '' : and((n) => `lane = ?${n}`, key)
  const text = `SELECT ${COLUMNS} FROM timers WHERE due_at <= ?1${behind}${ofKey} ORDER BY due_at, handler, name LIMIT ?2`
  return (await database.query({ sql: text, values })).map(timerOfRow)
}

/** When the next timer is due. */
export async function nextTimerAt(database: SqlDatabase): Promise<number | undefined> {
  const [row] = await database.query(sql('SELECT min(due_at) AS due_at FROM timers'))
  return row.due_at === null ? undefined : Number(row.due_at)
}

/** One timer by its name. */
export async function timerOf(database: SqlDatabase, handler: string, name: string): Promise<Timer | undefined> {
  const [row] = await database.query(
    sql(`SELECT ${COLUMNS} FROM timers WHERE handler = ?1 AND name = ?2`, handler, name)
  )
  return row && timerOfRow(row)
}

/** Counts delays that a clock which was ahead has set from now on. */
export async function correctTimers(database: SqlDatabase, now: number): Promise<number> {
  const wrong = 'delay_ms IS NOT NULL AND set_at > ?2'
  const [found] = await database.query(
    sql('SELECT count(*) AS wrong FROM timers WHERE delay_ms IS NOT NULL AND set_at > ?1', now + CLOCK_AHEAD_MS)
  )
  if (Number(found.wrong) === 0) return 0
  const [rows] = await database.transaction([
    sql(
      `UPDATE timers SET due_at = delay_ms + ?1, set_at = ?1 WHERE ${wrong} RETURNING 1 AS corrected`,
      now,
      now + CLOCK_AHEAD_MS
    ),
  ])
  return rows.length
}

function valuesOf({ handler, name, id, dueAt, setAt, delayMs, key, content }: Timer): SqlValue[] {
  return [handler, name, id, dueAt, setAt, delayMs ?? null, key ?? null, content]
}

/**
 * A row of `timers`.
 * @internal
 */
export function timerOfRow(row: SqlRow): Timer {
  return {
    handler: String(row.handler),
    name: String(row.name),
    id: String(row.id),
    dueAt: Number(row.due_at),
    setAt: Number(row.set_at),
    delayMs: row.delay_ms === null || row.delay_ms === undefined ? undefined : Number(row.delay_ms),
    key: row.lane === null || row.lane === undefined ? undefined : String(row.lane),
    content: row.content as Uint8Array,
  }
}
