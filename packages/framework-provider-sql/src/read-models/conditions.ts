/** A filter in SQL. */
export interface Condition {
  readonly sql: string
  /** Whether what it lets through passes the filter; else the filter itself is to be asked of each. */
  readonly isExact: boolean
  /** How many conditions stand inside one another. */
  readonly depth: number
}

/** SQLite's parser takes 100 of them; each has a few brackets of its own. */
const DEEPEST = 20

/** What SQL cannot say. */
export const ANY: Condition = { sql: '1 = 1', isExact: false, depth: 0 }
/** What nothing passes. */
export const NONE: Condition = { sql: '1 = 0', isExact: true, depth: 0 }

/** Where a field is absent a condition is neither true nor false; here it is false. */
export function exactly(sql: string): Condition {
  return { sql: `(${sql}) IS TRUE`, isExact: true, depth: 0 }
}

/** What does not pass a condition. */
export function not({ sql, isExact, depth }: Condition): Condition {
  return isExact && depth < DEEPEST ? { sql: `NOT (${sql})`, isExact, depth: depth + 1 } : ANY
}

/** All of them, or any of them; without any `none`. They are joined in pairs: a chain of a thousand is too deep for SQLite. */
export function joined(conditions: readonly Condition[], word: 'AND' | 'OR', none: string): Condition {
  if (conditions.length === 0) return { sql: none, isExact: true, depth: 0 }
  if (conditions.length === 1) return conditions[0]
  const middle = Math.ceil(conditions.length / 2)
  const one = joined(conditions.slice(0, middle), word, none)
  const other = joined(conditions.slice(middle), word, none)
  const depth = Math.max(one.depth, other.depth) + 1
  if (depth > DEEPEST) return ANY
  return { sql: `(${one.sql} ${word} ${other.sql})`, isExact: one.isExact && other.isExact, depth }
}
