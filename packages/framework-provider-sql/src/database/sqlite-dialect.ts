import type { Dialect } from './dialect'

const KINDS = `CASE %t WHEN 'integer' THEN 'number' WHEN 'real' THEN 'number' ELSE %t END`

const KEYS = `(SELECT json_extract(value, '$[0]') AS a, json_extract(value, '$[1]') AS b, json_extract(value, '$[2]') AS c
  FROM json_each(?1))`

/** SQLite: a read model is its JSON text, which the functions of JSON read. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  field: (path) => {
    const at = `'$.${path.join('.')}'`
    const value = `json_extract(value, ${at})`
    const type = `json_type(value, ${at})`
    return {
      kind: KINDS.replaceAll('%t', type),
      text: `CASE WHEN ${type} = 'text' THEN ${value} END`,
      number: `CASE WHEN ${type} IN ('integer', 'real') THEN ${value} END`,
      isText: (parameter) => `(${value} = ${parameter} AND ${type} = 'text')`,
      isIn: (parameter) =>
        `(${value} IN (SELECT value FROM json_each(${parameter})) AND ${type} IN ('text', 'integer', 'real'))`,
      comparesWith: (operator, parameter) => `(${value} ${operator} ${parameter} AND ${type} IN ('integer', 'real'))`,
      order: (direction) => `${value} ${direction}`,
    }
  },
  place: (text, parameter) => `instr(${text}, ${parameter})`,
  keys: KEYS,
  isAmongKeys: (column) => `${column} IN (SELECT a FROM ${KEYS} AS wanted)`,
  searched: undefined,
  skipLocked: '',
  index: (name, field) =>
    `CREATE INDEX IF NOT EXISTS ${name} ON read_models (type, json_extract(value, '$.${field.join('.')}'))`,
}
