type Part = Readonly<Record<string, unknown>>

const ONE = new Set('additionalItems additionalProperties contains else if items not propertyNames then'.split(' '))
const LIST = new Set(['allOf', 'anyOf', 'items', 'oneOf'])
const NAMED = new Set(['definitions', 'dependencies', 'patternProperties', 'properties'])

/**
 * A schema of a draft that ignores what stands beside a `$ref`, without the `$id`s there: ajv takes them for the place that the reference starts from. The schema's own `$id` stays,
 * because others know it by that.
 */
export function withoutIdsBesideRef<S extends object | boolean>(schema: S): S {
  return typeof schema === 'boolean' ? schema : (inside(schema as Part) as S)
}

function inside(schema: Part): Part {
  const entries = Object.entries(schema).map(([word, value]) => [word, part(word, value)] as const)
  return Object.fromEntries(entries)
}

function part(word: string, value: unknown): unknown {
  if (Array.isArray(value)) return LIST.has(word) ? value.map(withoutId) : value
  if (!isPart(value)) return value
  if (NAMED.has(word)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutId(one)]))
  return ONE.has(word) ? withoutId(value) : value
}

function withoutId(schema: unknown): unknown {
  if (!isPart(schema)) return schema
  const { $id, ...rest } = inside(schema)
  return typeof schema.$ref === 'string' || $id === undefined ? rest : { $id, ...rest }
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
