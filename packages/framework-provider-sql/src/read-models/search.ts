import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ReadModelInterface, ReadModelListResult } from '@boostercloud/framework-types'
import type { Database, SqlValue } from '../database/database'
import { PLAIN_NAME } from '../database/dialect'
import type { Dialect } from '../database/dialect'
import { sql } from '../sql'
import { ConditionWriter } from './condition'
import { matches, partsOf } from './matches'
import type { FilterPart } from './matches'

/** What is searched for. */
export interface Search {
  readonly type: string
  readonly filters: unknown
  readonly sortBy?: unknown
  readonly limit?: number
  /** As a page before gave it: how many read models were before this page. */
  readonly afterCursor?: unknown
  /** The fields that are answered, as `owner.name` or `parts[].sku`; absent or empty: all. */
  readonly select?: readonly string[]
}

/** Rows that are looked through at once where the filter is more than SQL can say. */
const PAGE = 1_000
const LONGEST_TURN_MS = 10

/** Finds read models. Their order is that of `sortBy`, and among equals that of their ids. */
export async function searchReadModels(database: Database, search: Search): Promise<ReadModelInterface[]> {
  const { type, filters, sortBy, limit } = search
  const parts = partsOf(filters)
  const values: SqlValue[] = [type]
  const { sql: condition, isExact } = new ConditionWriter(database.dialect, values).write(parts)
  const order = [...sortKeys(database.dialect, sortBy), 'id', 'sequence'].join(', ')
  const rows = async (count: number, after: number): Promise<ReadModelInterface[]> => {
    const bounds = [count, after]
    const text = `SELECT value FROM read_models WHERE type = ?1 AND ${condition} ORDER BY ${order}
      LIMIT ?${values.length + 1} OFFSET ?${values.length + 2}`
    const found = await database.query(sql(text, ...values, ...bounds))
    return found.map(({ value }) => JSON.parse(String(value)) as ReadModelInterface)
  }
  const skip = skipped(search)
  const wanted = limit === undefined || limit <= 0 ? Number.MAX_SAFE_INTEGER : limit
  if (isExact) return rows(wanted, skip)

  const found: ReadModelInterface[] = []
  for (let after = 0; ; after += PAGE) {
    const page = await rows(PAGE, after)
    await takeThose(page, parts, found)
    if (page.length < PAGE || found.length >= skip + wanted) return found.slice(skip, skip + wanted)
  }
}

/** Leaves the event loop to others now and then, however many read models there are and however long their texts. */
async function takeThose(
  page: readonly ReadModelInterface[],
  parts: readonly FilterPart[],
  found: ReadModelInterface[]
): Promise<void> {
  let since = performance.now()
  for (const each of page) {
    if (matches(parts, each)) found.push(each)
    if (performance.now() - since < LONGEST_TURN_MS) continue
    await nextTurn()
    since = performance.now()
  }
  await nextTurn()
}

/** A page with the cursor of the next. */
export function pageOf(items: ReadModelInterface[], search: Search): ReadModelListResult<ReadModelInterface> {
  return { items, count: items.length, cursor: { id: String(skipped(search) + Math.max(1, search.limit ?? 1)) } }
}

function skipped({ afterCursor }: Search): number {
  const { id } = (afterCursor ?? {}) as { id?: unknown }
  const skip = Number.parseInt(String(id ?? '0'), 10)
  return Number.isSafeInteger(skip) && skip > 0 ? skip : 0
}

function sortKeys(dialect: Dialect, sortBy: unknown, path: readonly string[] = []): string[] {
  return Object.entries((sortBy ?? {}) as Record<string, unknown>).flatMap(([name, direction]) => {
    if (!PLAIN_NAME.test(name)) throw new Error(`Read models cannot be sorted by '${name}': it is not a plain name.`)
    const inner = [...path, name]
    if (typeof direction === 'object') return sortKeys(dialect, direction, inner)
    return [dialect.field(inner).order(direction === 'ASC' ? 'ASC' : 'DESC')]
  })
}
