import type { SqlRow, SqlValue } from '@boostercloud/streamers'

/**
 * PostgreSQL's texts hold no zero character. It is written as two others; the first of these, of the private use area, is itself written as
 * two, so that no two texts become one.
 */
const ESCAPE = '\ue000'
const ZERO = `${ESCAPE}0`
const ESCAPED_ESCAPE = `${ESCAPE}1`

/** A parameter as it stands in the database. */
export function toStored(value: SqlValue): SqlValue {
  if (typeof value !== 'string' || !(value.includes('\0') || value.includes(ESCAPE))) return value
  return value.replaceAll(ESCAPE, ESCAPED_ESCAPE).replaceAll('\0', ZERO)
}

/** A row with the texts that were given as parameters. */
export function fromStored(row: SqlRow): SqlRow {
  const escaped = Object.entries(row).filter(([, value]) => typeof value === 'string' && value.includes(ESCAPE))
  if (escaped.length === 0) return row
  const texts = escaped.map(([column, value]) => [
    column,
    (value as string).replaceAll(ZERO, '\0').replaceAll(ESCAPED_ESCAPE, ESCAPE),
  ])
  return { ...row, ...(Object.fromEntries(texts) as SqlRow) }
}
