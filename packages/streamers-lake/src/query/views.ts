import { COLUMNS } from '../format'

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

/** Statements that make the views of these files and then let the engine read nothing but what is in these folders. */
export function viewsOf(files: readonly string[], folders: readonly string[]): string[] {
  const names = COLUMNS.map(({ name }) => `"${name}"`).join(', ')
  const rows =
    files.length === 0 ? NO_ROWS : `SELECT ${names}, file_index AS file_number, file_row_number FROM ${reading(files)}`
  // Both: the engine checks a path as it is given, and the file that it leads to.
  const places = [...new Set(folders.flatMap((folder) => [folder, literal(folder)]))].map((place) => text(`${place}/`))
  return [
    `CREATE VIEW numbered AS ${rows}`,
    `CREATE VIEW deliveries AS SELECT ${names} FROM numbered`,
    `CREATE VIEW events AS SELECT ${names}, ${PAYLOAD} AS payload FROM numbered QUALIFY id IS NULL OR ${FIRST}`,
    "SET TimeZone = 'UTC'",
    `SET allowed_directories = [${places.join(', ')}]`,
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
