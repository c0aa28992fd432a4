import { ScalarType } from '@bufbuild/protobuf'
import type { DescEnum, DescField, DescFile, DescMessage } from '@bufbuild/protobuf'
import { LONGS } from '../protobuf/from-plain'
import { isAlwaysThere } from '../protobuf/presence'
import { isWrapper } from '../protobuf/known-values'
import type { FieldShape, NamedShape, SchemaShape, Shape } from './shape'

/**
 * The shapes of a file's messages. What a body holds is a message at the top of the file that is in no other message of it; where all are, the first one.
 */
export function shapeOfProtobuf({ messages }: DescFile): SchemaShape {
  const named = new Map<string, NamedShape>()
  const inner = new Set(messages.flatMap((message) => usedBy(message, message)))
  const outer = messages.filter((message) => !inner.has(message))
  const roots = (outer.length > 0 ? outer : messages.slice(0, 1)).map((message) => messageShape(message, named))
  return { roots, named }
}

/** Messages that a message's fields are of, in its nested ones too, and other than it. */
function usedBy({ fields, nestedMessages }: DescMessage, root: DescMessage): DescMessage[] {
  const own = fields.flatMap(({ message }) => (message && message !== root ? [message] : []))
  return [...own, ...nestedMessages.flatMap((one) => usedBy(one, root))]
}

function messageShape(message: DescMessage, named: Map<string, NamedShape>): Shape {
  const known = knownShape(message)
  if (known) return known
  const name = message.typeName
  if (named.has(name)) return { kind: 'named', name }
  const fields: FieldShape[] = []
  named.set(name, { kind: 'record', fields })
  for (const field of message.fields) {
    fields.push({ name: field.jsonName, shape: fieldShape(field, named), isOptional: !isAlwaysThere(field) })
  }
  return { kind: 'named', name }
}

/** What is text or JSON in an event: https://protobuf.dev/reference/protobuf/google.protobuf. */
function knownShape(message: DescMessage): Shape | undefined {
  switch (message.typeName) {
    case 'google.protobuf.Timestamp':
      return { kind: 'string', means: 'timestamp' }
    case 'google.protobuf.Duration':
      return { kind: 'string', means: 'duration' }
    case 'google.protobuf.Struct':
      return { kind: 'map', of: { kind: 'unknown' } }
    case 'google.protobuf.Value':
      return { kind: 'unknown' }
    case 'google.protobuf.ListValue':
      return { kind: 'list', of: { kind: 'unknown' } }
    default:
      return isWrapper(message) ? scalarShape(message.fields[0].scalar) : undefined
  }
}

function fieldShape(field: DescField, named: Map<string, NamedShape>): Shape {
  const of = itemShape(field, named)
  return field.fieldKind === 'list' || field.fieldKind === 'map' ? { kind: field.fieldKind, of } : of
}

function itemShape({ message, enum: ofEnum, scalar }: DescField, named: Map<string, NamedShape>): Shape {
  if (message) return messageShape(message, named)
  return ofEnum ? enumShape(ofEnum, named) : scalarShape(scalar)
}

function enumShape({ typeName, values, open }: DescEnum, named: Map<string, NamedShape>): Shape {
  // A number may have several names; it is read as the first.
  const symbols = values.filter((one, index) => values.findIndex(({ number }) => number === one.number) === index)
  named.set(typeName, { kind: 'enum', symbols: symbols.map(({ name }) => name), isOpen: open })
  return { kind: 'named', name: typeName }
}

function scalarShape(scalar: ScalarType | undefined): Shape {
  if (LONGS.includes(scalar)) return { kind: 'long' }
  if (scalar === ScalarType.BOOL) return { kind: 'boolean' }
  if (scalar === ScalarType.BYTES) return { kind: 'bytes' }
  return { kind: scalar === ScalarType.STRING ? 'string' : 'number' }
}
