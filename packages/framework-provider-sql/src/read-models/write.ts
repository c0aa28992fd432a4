import { StreamerError } from '@boostercloud/streamer-connector'
import type { ReadModelInterface } from '@boostercloud/framework-types'
import type { Database, SqlStatement, SqlValue } from '../database/database'
import { sql } from '../sql'

/** Which row: of a read model without sequence key there is one, whose sequence is empty. */
export interface ReadModelKey {
  readonly type: string
  readonly id: string
  readonly sequence: string
}

/** A read model was written meanwhile by somebody else: nothing of the transaction was written. */
export class VersionConflict extends StreamerError {
  public constructor({ type, id }: ReadModelKey, expected: number) {
    super('CLAIM_LOST', `The read model ${type} ${id} has no longer the version ${expected}.`, {
      mend: 'Read it again, and try again.',
      retryable: true,
    })
  }
}

/** Stores a read model; its check throws `VersionConflict` where it has another version than expected. */
export function storeReadModel(
  { dialect }: Database,
  key: ReadModelKey,
  readModel: ReadModelInterface,
  expected?: number
): SqlStatement {
  const text = JSON.stringify(readModel)
  const values: SqlValue[] = [key.type, key.id, key.sequence, readModel.boosterMetadata?.version ?? 0, text]
  const { searched } = dialect
  if (searched) values.push(searchable(text))
  const set = `version = excluded.version, value = excluded.value${searched ? `, ${searched} = excluded.${searched}` : ''}`
  const unless = expected === undefined ? '' : `WHERE read_models.version = ?${values.push(expected)}`
  const insert = `INSERT INTO read_models (type, id, sequence, version, value${searched ? `, ${searched}` : ''})`
  const row = `?1, ?2, ?3, ?4, ?5${searched ? ', ?6::jsonb' : ''}`
  const exists = 'SELECT 1 FROM read_models WHERE type = ?1 AND id = ?2 AND sequence = ?3'
  // Above 0 a row is expected: where it is gone, nothing is inserted.
  const source = expected ? `SELECT ${typed(row)} WHERE EXISTS (${exists})` : `VALUES (${row})`
  return {
    ...sql(
      `${insert} ${source} ON CONFLICT (type, id, sequence) DO UPDATE SET ${set} ${unless} RETURNING 1 AS stored`,
      ...values
    ),
    check: (rows) => {
      if (rows.length === 0) throw new VersionConflict(key, expected ?? 0)
    },
  }
}

/** Removes a read model. */
export function deleteReadModel({ type, id, sequence }: ReadModelKey): SqlStatement {
  return sql('DELETE FROM read_models WHERE type = ?1 AND id = ?2 AND sequence = ?3', type, id, sequence)
}

/** In a SELECT list a parameter has no type by its place. */
function typed(row: string): string {
  return row.replace('?4', 'CAST(?4 AS BIGINT)')
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
