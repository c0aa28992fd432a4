import type { FieldSchema } from '../schemas'
import { inWords } from './in-words'

/** UUIDs as RFC 9562 (section 4) writes them, whatever their version. */
const UUID = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'

/** What a text or number of a format is once it is decoded; own keywords of the validator. */
export const DECODED_BY_FORMAT: Readonly<Record<string, 'Date' | 'bigint' | 'bytes'>> = {
  'date-time': 'Date',
  int64: 'bigint',
  byte: 'bytes',
}

/** A schema for values as they are after decoding and migrating, whose every part says in words what it takes. Formats beside those known are no rule, as in JSON Schema. */
export function decodedForm(schema: FieldSchema): object {
  const { format = '', ...rest } = schema
  const decoded = DECODED_BY_FORMAT[format]
  const said = { said: inWords(schema) }
  if (decoded) return { ...said, decoded }
  return { ...said, ...partsOf(rest), ...(format === 'uuid' ? { pattern: UUID } : {}) }
}

function partsOf(schema: FieldSchema): object {
  const parts: Record<string, unknown> = { ...schema }
  for (const word of ['properties', 'definitions'] as const) {
    const named = schema[word]
    if (named) parts[word] = mapped(named)
  }
  for (const word of ['items', 'additionalItems', 'additionalProperties', 'not', 'anyOf'] as const) {
    const part: unknown = schema[word]
    if (Array.isArray(part)) parts[word] = (part as FieldSchema[]).map(decodedForm)
    else if (typeof part === 'object') parts[word] = decodedForm(part as FieldSchema)
  }
  return parts
}

function mapped(schemas: Readonly<Record<string, FieldSchema>>): object {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, decodedForm(schema)]))
}
