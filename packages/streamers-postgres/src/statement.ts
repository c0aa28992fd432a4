import { createHash } from 'node:crypto'
import { toStored } from '@boostercloud/streamers/state'
import type { SqlStatement } from '@boostercloud/streamers/state'
import type { QueryConfig } from 'pg'

interface Translated {
  readonly text: string
  readonly name: string
}

/** The state writes its statements by hand: they are few. */
const translated = new Map<string, Translated>()

/** A statement in PostgreSQL's dialect (`?1` is `$1`), with a name by which each connection prepares it once. */
export function toQuery({ sql, values }: SqlStatement): QueryConfig {
  let known = translated.get(sql)
  if (!known) {
    const text = sql.replace(/\?(\d+)/g, '$$$1')
    known = { text, name: createHash('sha256').update(text).digest('hex').slice(0, 32) }
    translated.set(sql, known)
  }
  return { ...known, values: values.map(toStored) }
}
