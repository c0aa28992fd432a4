import type { FieldSchema } from '../event-schema'

/**
 * A class's schema in the terms of other languages: what a text means and how large a number is, is not said there in the same words; bytes are a type of their own.
 */
export function withoutFormats(schema: FieldSchema): FieldSchema {
  const { format, pattern: _, ...rest } = schema
  const all = (parts: Readonly<Record<string, FieldSchema>> | undefined): FieldSchema['properties'] =>
    parts && Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, withoutFormats(part)]))
  const { items, anyOf, additionalProperties: others, additionalItems: more } = schema
  return defined({
    ...rest,
    type: [schema.type ?? []].flat().length > 0 ? typesOf(schema.type, format) : undefined,
    properties: all(schema.properties),
    definitions: all(schema.definitions),
    anyOf: anyOf?.map(withoutFormats),
    items: Array.isArray(items)
      ? (items as FieldSchema[]).map(withoutFormats)
      : items && withoutFormats(items as FieldSchema),
    additionalProperties: typeof others === 'object' ? withoutFormats(others) : others,
    additionalItems: typeof more === 'object' ? withoutFormats(more) : more,
  })
}

function typesOf(type: FieldSchema['type'], format: string | undefined): FieldSchema['type'] {
  const types = [type ?? []].flat().map((one) => {
    if (one === 'integer') return 'number'
    return one === 'string' && format === 'byte' ? 'bytes' : one
  })
  return types.length === 1 ? types[0] : types
}

function defined(schema: FieldSchema): FieldSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, part]) => part !== undefined))
}
