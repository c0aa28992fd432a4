import { StreamerError, decodeJson, isStreamerError } from '@boostercloud/streamer-connector'
import { missingSegment } from '../manifest'
import type { LakeVersions } from '../manifest'
import type { LakeStorage, PinnedFiles } from '../storage'
import { duckDb } from './duckdb'
import type { DuckConnection, DuckDb, DuckResult, DuckStatement } from './duckdb'
import { viewsOf } from './views'

/**
 * A row that a query selects, by the names of its columns.
 * @experimental
 */
export type LakeRow = Readonly<Record<string, unknown>>

/** No extension is downloaded. */
const OPTIONS = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' }

/** The rows that a query selects of the newest version of the lake. */
export async function* queryEvents(
  storage: LakeStorage,
  versions: LakeVersions,
  sql: string
): AsyncGenerator<LakeRow, void, undefined> {
  const duck = duckDb()
  const pinned = await pinAll(storage, versions)
  try {
    const files = pinned.paths as string[]
    const instance = await duck.DuckDBInstance.create(':memory:', OPTIONS)
    try {
      const connection = await instance.connect()
      try {
        for (const view of viewsOf(files, pinned.folders)) await connection.run(view)
        yield* selected(duck, connection, sql)
      } finally {
        connection.closeSync()
      }
    } finally {
      instance.closeSync()
    }
  } finally {
    await pinned.release()
  }
}

/** All segments of a version. Where one of them is replaced in that moment, those of a later version. */
async function pinAll(storage: LakeStorage, versions: LakeVersions): Promise<PinnedFiles> {
  for (;;) {
    const { segments } = await versions.latest()
    const pinned = await storage.pin(segments.map((segment) => versions.placesOf(segment)))
    const lost = segments.filter((_, at) => pinned.paths[at] === undefined)
    if (lost.length === 0) return pinned
    await pinned.release()
    const state = await versions.latest()
    const missed = lost.find(({ path }) => state.has(path))
    if (missed !== undefined) throw missingSegment(storage, missed.path)
  }
}

async function* selected(
  duck: DuckDb,
  connection: DuckConnection,
  sql: string
): AsyncGenerator<LakeRow, void, undefined> {
  try {
    const statement = await connection.prepare(sql)
    requireQuery(duck, statement)
    const result = await statement.stream()
    const names = result.deduplicatedColumnNames()
    const reads = names.map((_, column) => readingOf(duck, result, column))
    for await (const rows of result.yieldRowsJson()) {
      for (const row of rows) yield Object.fromEntries(names.map((name, at) => [name, reads[at](row[at])]))
    }
  } catch (thrown) {
    if (isStreamerError(thrown)) throw thrown
    throw refused(`The query failed: ${(thrown as Error).message.trim()}`, thrown)
  }
}

function requireQuery({ StatementType }: DuckDb, { statementType }: DuckStatement): void {
  if (statementType === StatementType.SELECT || statementType === StatementType.EXPLAIN) return
  throw refused('The statement is no query: a lake is only read.')
}

function refused(what: string, cause?: unknown): StreamerError {
  return new StreamerError('OPTION_INVALID', what, {
    at: 'the SQL',
    hint: 'Write one SELECT from the view events or deliveries; DESCRIBE events shows the columns.',
    cause,
  })
}

/** How values of a column become what they are: the engine writes large numbers and JSON as texts. */
function readingOf({ DuckDBTypeId: ids }: DuckDb, result: DuckResult, column: number): (value: unknown) => unknown {
  const { typeId, alias } = result.columnType(column)
  if ([ids.BIGINT, ids.UBIGINT, ids.HUGEINT, ids.UHUGEINT].includes(typeId)) return wholeNumber
  if (typeId === ids.MAP) return mapped
  return alias === 'JSON' ? jsonValue : (value) => value
}

function mapped(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return Object.fromEntries((value as { key: string; value: unknown }[]).map((entry) => [entry.key, entry.value]))
}

function wholeNumber(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : BigInt(value)
}

function jsonValue(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return decodeJson(Buffer.from(value))
  } catch {
    // JSON whose numbers no JavaScript number can keep stays a text.
    return value
  }
}
