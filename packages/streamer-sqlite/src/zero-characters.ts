import type { Row, SqlValue } from './engine'

/**
 * A database may hold no zero character in a text, or cut the text off there, so that two texts could become one. Such a character is
 * written as two others; the first of these, of the private use area, is itself written as two.
 */
const ESCAPE = '\ue000'
const ZERO = `${ESCAPE}0`
const ESCAPED_ESCAPE = `${ESCAPE}1`

/**
 * A parameter as it stands in the database.
 * @internal
 */
export function toStored(value: SqlValue): SqlValue {
  if (typeof value !== 'string' || !(value.includes('\0') || value.includes(ESCAPE))) return value
  return value.replaceAll(ESCAPE, ESCAPED_ESCAPE).replaceAll('\0', ZERO)
}

/**
 * A row with the texts that were given as parameters.
 * @internal
 */
export function fromStored(row: Row): Row {
  for (const column in row) {
    if (isEscaped(row[column])) return unescaped(row)
  }
  return row
}

function unescaped(row: Row): Row {
  const texts = Object.entries(row).map(([column, value]) => [
    column,
    isEscaped(value) ? value.replaceAll(ZERO, '\0').replaceAll(ESCAPED_ESCAPE, ESCAPE) : value,
  ])
  return Object.fromEntries(texts) as Row
}

function isEscaped(value: SqlValue): value is string {
  return typeof value === 'string' && value.includes(ESCAPE)
}
