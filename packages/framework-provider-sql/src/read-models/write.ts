import { StreamerError } from '@boostercloud/streamer-connector'
import type { ReadModelInterface } from '@boostercloud/framework-types'
import type { Database, SqlStatement, SqlValue } from '../database/database'
import { sql } from '../sql'
import { storedText } from '../values/text'

/** Which row: of a read model without sequence key there is one, whose sequence is empty. */
export interface ReadModelKey {
  readonly type: string
  readonly id: string
  readonly sequence: string
}

/** A read model was written meanwhile by somebody else: nothing of the transaction was written. */
export class VersionConflict extends StreamerError {
  public constructor({ type, id }: ReadModelKey, expected: number) {
    super('CLAIM_LOST', `The read model ${type} ${id} no longer has the version ${expected}.`, {
      hint: 'Read it again, and retry.',
      retryable: true,
    })
  }
}

/** Stores a read model; the transaction rejects with `VersionConflict` where it has another version than expected. */
export function storeReadModel(
  { dialect }: Database,
  key: ReadModelKey,
  readModel: ReadModelInterface,
  expected?: number
): SqlStatement {
  const text = storedText(readModel)
  const values: SqlValue[] = [key.type, key.id, key.sequence, readModel.boosterMetadata?.version ?? 0, text]
  const { searched } = dialect
  if (searched) values.push(searchable(text))
  if (expected !== undefined) values.push(expected)
  return { sql: upsert(searched, expected), values, unchanged: () => new VersionConflict(key, expected ?? 0) }
}

/** Removes a read model. */
export function deleteReadModel({ type, id, sequence }: ReadModelKey): SqlStatement {
  return sql('DELETE FROM read_models WHERE type = ?1 AND id = ?2 AND sequence = ?3', type, id, sequence)
}

interface Upserts {
  /** Whichever version is stored. */
  readonly any: string
  /** Where that version is stored, or nothing. */
  readonly first: string
  /** Where that version is stored. */
  readonly next: string
}

const upsertsBySearched = new Map<string | undefined, Upserts>()

/** The same text for the same kind of write, so that its statement is found at once. */
function upsert(searched: string | undefined, expected: number | undefined): string {
  const upserts = upsertsBySearched.get(searched) ?? upsertsOf(searched)
  upsertsBySearched.set(searched, upserts)
  if (expected === undefined) return upserts.any
  return expected === 0 ? upserts.first : upserts.next
}

function upsertsOf(searched: string | undefined): Upserts {
  const insert = `INSERT INTO read_models (type, id, sequence, version, value${searched ? `, ${searched}` : ''})`
  const row = `?1, ?2, ?3, ?4, ?5${searched ? ', ?6::jsonb' : ''}`
  const set = `version = excluded.version, value = excluded.value${searched ? `, ${searched} = excluded.${searched}` : ''}`
  const update = `ON CONFLICT (type, id, sequence) DO UPDATE SET ${set}`
  const unless = `WHERE read_models.version = ?${searched ? 7 : 6}`
  // In a SELECT list a parameter has no type by its place.
  const typed = row.replace('?4', 'CAST(?4 AS BIGINT)')
  const exists = 'SELECT 1 FROM read_models WHERE type = ?1 AND id = ?2 AND sequence = ?3'
  return {
    any: `${insert} VALUES (${row}) ${update}`,
    first: `${insert} VALUES (${row}) ${update} ${unless}`,
    next: `${insert} SELECT ${typed} WHERE EXISTS (${exists}) ${update} ${unless}`,
  }
}

/** JSON that PostgreSQL can search: it has no zero character and no half of a pair. */
function searchable(json: string): string {
  if (!/\\u(0000|d[89a-f])/i.test(json)) return json
  const plain = (text: string): string => text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd')
  return JSON.stringify(JSON.parse(json), (_, value: unknown) => {
    if (typeof value === 'string') return plain(value)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [plain(name), field]))
  })
}
