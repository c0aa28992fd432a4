import type { Dialect } from './dialect'

const KEYS = `(SELECT value ->> 0 AS a, value ->> 1 AS b, (value ->> 2)::bigint AS c FROM jsonb_array_elements(?1::jsonb))`

/** PostgreSQL: beside its text, a read model is kept as `jsonb`, by which it is searched. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  field: (path) => {
    const value = `(doc #> '{${path.join(',')}}')`
    const type = `jsonb_typeof${value}`
    const text = `(${value} #>> '{}') COLLATE "C"`
    return {
      kind: `CASE ${type} WHEN 'string' THEN 'text' WHEN 'boolean' THEN ${value} #>> '{}' ELSE ${type} END`,
      text: `CASE WHEN ${type} = 'string' THEN ${text} END`,
      number: `CASE WHEN ${type} = 'number' THEN (${value} #>> '{}')::float8 END`,
      isText: (parameter) => `${value} = to_jsonb(${parameter}::text)`,
      isIn: (parameter) => `${value} = ANY (ARRAY(SELECT jsonb_array_elements(${parameter}::jsonb)))`,
      comparesWith: (operator, parameter) =>
        `(${value} ${operator} to_jsonb(${parameter}::float8) AND ${type} = 'number')`,
      order: (direction) => {
        const nulls = direction === 'ASC' ? 'NULLS FIRST' : 'NULLS LAST'
        const number = `CASE ${type} WHEN 'number' THEN (${value} #>> '{}')::float8
          WHEN 'boolean' THEN (CASE ${value} #>> '{}' WHEN 'true' THEN 1 ELSE 0 END) WHEN 'null' THEN NULL
          WHEN 'string' THEN 'infinity'::float8 END`
        return `${number} ${direction} ${nulls}, ${text} ${direction} ${nulls}`
      },
    }
  },
  place: (text, parameter) => `strpos(${text}, ${parameter}::text)`,
  keys: KEYS,
  isAmongKeys: (column) => `${column} = ANY (ARRAY(SELECT a FROM ${KEYS} AS wanted))`,
  searched: 'doc',
  skipLocked: 'FOR UPDATE SKIP LOCKED',
  index: (name, field) => `CREATE INDEX IF NOT EXISTS ${name} ON read_models (type, (doc #> '{${field.join(',')}}'))`,
}
