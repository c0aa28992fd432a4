import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { COLUMNS } from '../format'
import type { LakeVersions, Segment } from '../manifest'
import type { LakeStorage } from '../storage'

const SQL_TYPES = {
  text: 'VARCHAR',
  number: 'INTEGER',
  long: 'BIGINT',
  time: 'TIMESTAMP WITH TIME ZONE',
  map: 'MAP(VARCHAR, VARCHAR)',
  bytes: 'BLOB',
} as const

const PAYLOAD = 'TRY_CAST(coalesce(data, TRY(decode(body))) AS JSON)'
const FIRST = 'row_number() OVER (PARTITION BY source, id ORDER BY recorded_at, file_number, file_row_number) = 1'

/** Statements that make the views of these segments and then let the engine read nothing else. */
export async function viewsOf(
  storage: LakeStorage,
  versions: LakeVersions,
  segments: readonly Segment[]
): Promise<string[]> {
  const files = await filesOf(storage, versions, segments)
  const names = COLUMNS.map(({ name }) => `"${name}"`).join(', ')
  const rows =
    files.length === 0 ? NO_ROWS : `SELECT ${names}, file_index AS file_number, file_row_number FROM ${reading(files)}`
  // Both: the engine checks a path as it is given, and the file that it leads to.
  const places = [...new Set([storage.place, literal(storage.place)])]
  const folders = places.flatMap((place) => ['segments/', 'drafts/'].map((folder) => text(`${place}/${folder}`)))
  return [
    `CREATE VIEW numbered AS ${rows}`,
    `CREATE VIEW deliveries AS SELECT ${names} FROM numbered`,
    `CREATE VIEW events AS SELECT ${names}, ${PAYLOAD} AS payload FROM numbered QUALIFY id IS NULL OR ${FIRST}`,
    "SET TimeZone = 'UTC'",
    `SET allowed_directories = [${folders.join(', ')}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]
}

const NO_ROWS = `SELECT ${[
  ...COLUMNS.map(({ name, kind }) => `NULL::${SQL_TYPES[kind]} AS "${name}"`),
  'NULL::BIGINT AS file_number',
  'NULL::BIGINT AS file_row_number',
].join(', ')} WHERE false`

function reading(files: readonly string[]): string {
  const list = files.map((path) => text(literal(path))).join(', ')
  return `read_parquet([${list}], union_by_name = true, file_row_number = true)`
}

/** A path in which nothing is a pattern. */
function literal(path: string): string {
  return path.replace(/[*?[]/g, '[$&]')
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** Where the segments are. Rejects with `STORAGE_DAMAGED` where one is missing. */
async function filesOf(storage: LakeStorage, versions: LakeVersions, segments: readonly Segment[]): Promise<string[]> {
  const drafts = await storage.list('drafts')
  const there = new Set([...drafts, ...(await storage.list('segments'))].map(({ path }) => path))
  return segments.map((segment) => {
    const path = versions.placesOf(segment).find((place) => there.has(place))
    if (path !== undefined) return join(storage.place, path)
    throw new StreamerError('STORAGE_DAMAGED', `The lake's segment ${segment.path} is missing.`, {
      at: `${storage.place}/${segment.path}`,
      hint: 'Restore this file from a backup. boost-streamers lake verify names all that are missing.',
    })
  })
}
