import type { SqlValue } from '../database'

/** Rows of one statement: few sizes, so that few statements are prepared. */
const SIZES = [64, 16, 4, 1]

/** A list in pieces of few different sizes, in order. */
export function pieces<T>(list: readonly T[]): T[][] {
  const all: T[][] = []
  for (let from = 0; from < list.length;) {
    const left = list.length - from
    const size = SIZES.find((each) => each <= left) ?? left
    all.push(list.slice(from, (from += size)))
  }
  return all
}

/** One of each name, at the first one's place, as the last one says: a statement changes no row twice. */
export function distinct<T>(list: readonly T[], nameOf: (item: T) => string): T[] {
  return [...new Map(list.map((item) => [nameOf(item), item])).values()]
}

/** A statement's text for each number of rows, made once: `write` is given the number. */
export function textBySize(write: (rows: number) => string): (rows: number) => string {
  const texts: string[] = []
  return (rows) => (texts[rows] ??= write(rows))
}

/** So many rows of parameters, numbered from behind those before: `(?3, ?4), (?5, ?6)`; each with further values as written. */
export function parameters(rows: number, columns: number, { behind, further = '' }: Numbering): string {
  const row = (first: number): string =>
    `(${Array.from({ length: columns }, (_, column) => `?${first + column}`).join(', ')}${further})`
  return Array.from({ length: rows }, (_, index) => row(behind + 1 + index * columns)).join(', ')
}

interface Numbering {
  readonly behind: number
  readonly further?: string
}

/** The columns of rows, one row after the other. */
export function flatten<T>(rows: readonly T[], columnsOf: (row: T) => readonly SqlValue[]): SqlValue[] {
  const values: SqlValue[] = []
  for (const row of rows) values.push(...columnsOf(row))
  return values
}
