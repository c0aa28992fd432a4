import { StreamerError } from '@boostercloud/streamer-connector'
import type { SqlRow, SqlValue } from '../sql/database'

/**
 * The tables that are moved from one state to another, in the order in which they are written.
 * @internal
 */
export const MOVED_TABLES: readonly MovedTable[] = ['pending', 'inbox', 'parked', 'timers', 'paused_links', 'positions']

/**
 * A table that is moved.
 * @experimental
 */
export type MovedTable = 'pending' | 'inbox' | 'parked' | 'timers' | 'paused_links' | 'positions'

/**
 * One row of what a state keeps, in the columns of the SQL states; every other state translates. Rows of a table come in their order. Leases are
 * not among them, and claims belong to nobody any more.
 * @experimental
 */
export interface StateRow {
  readonly table: MovedTable
  readonly row: SqlRow
}

/**
 * How many rows there are of each table.
 * @experimental
 */
export type StateRowCounts = Readonly<Record<MovedTable, number>>

/**
 * A row as JSON has it: bytes are `{ base64 }`.
 * @internal
 */
export interface StateLine {
  readonly table: string
  readonly row: Readonly<Record<string, string | number | null | { readonly base64: string }>>
}

/**
 * Counts rows by their table.
 * @internal
 */
export class RowCounter {
  private readonly counted = new Map<MovedTable, number>()

  public get counts(): StateRowCounts {
    return Object.fromEntries(MOVED_TABLES.map((table) => [table, this.counted.get(table) ?? 0])) as StateRowCounts
  }

  public add({ table }: StateRow): void {
    this.counted.set(table, (this.counted.get(table) ?? 0) + 1)
  }
}

/**
 * A row for JSON.
 * @internal
 */
export function toLine({ table, row }: StateRow): StateLine {
  const cells = Object.entries(row).map(([name, value]) => {
    if (typeof value === 'bigint') return [name, Number(value)]
    if (value instanceof Uint8Array) return [name, { base64: Buffer.from(value).toString('base64') }]
    return [name, value]
  })
  return { table, row: Object.fromEntries(cells) as StateLine['row'] }
}

/**
 * The inverse of {@link toLine}. Throws `OPTION_INVALID` for what is no such line.
 * @internal
 */
export function fromLine({ table, row }: StateLine): StateRow {
  const known = MOVED_TABLES.find((one) => one === table)
  const isRow = typeof row === 'object' && row !== null && Object.keys(row).every((name) => /^[a-z_]+$/.test(name))
  if (!known || !isRow) {
    throw new StreamerError('OPTION_INVALID', 'A line is not a row of a streaming state.', {
      at: String(table).slice(0, 80),
      hint: 'Give what `boost-streamers state export` has written.',
    })
  }
  const cells = Object.entries(row).map(([name, value]): [string, SqlValue] => [
    name,
    typeof value === 'object' && value !== null ? Buffer.from(value.base64, 'base64') : value,
  ])
  return { table: known, row: Object.fromEntries(cells) }
}

/**
 * That rows cannot be written where there are some already.
 * @internal
 */
export function stateNotEmpty(at: string): StreamerError {
  return new StreamerError('OPTION_INVALID', 'The streaming state is not empty.', {
    at,
    hint: 'Import into a new state, before the service runs on it.',
  })
}
