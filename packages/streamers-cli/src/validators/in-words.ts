import type { FieldSchema } from '../schemas'

/** Choices that are named in a message; there may be hundreds. */
const MAX_CHOICES = 8

const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': 'Date',
  int64: 'bigint',
  byte: 'Uint8Array',
  uuid: 'UUID',
}

/** What a schema takes, for the message about a value that it refuses. */
export function inWords(schema: FieldSchema): string {
  const { format = '', type, anyOf, items } = schema
  if (Object.hasOwn(BY_FORMAT, format)) return BY_FORMAT[format]
  if (schema.enum) return either(schema.enum.map((one) => JSON.stringify(one)))
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (anyOf) return either(anyOf.map(inWords))
  if (schema.$ref !== undefined) return 'object'
  if (Array.isArray(items)) return `[${(items as readonly FieldSchema[]).map(inWords).join(', ')}]`
  if (type === undefined) return schema.not ? 'value at all' : 'value of its type'
  return either([type].flat().map((one) => (one === 'array' ? 'Array' : one)))
}

function either(all: readonly string[]): string {
  const distinct = [...new Set(all)]
  const named = distinct.slice(0, MAX_CHOICES).join(' | ')
  return distinct.length > MAX_CHOICES ? `${named} | …` : named
}
