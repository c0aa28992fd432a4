import type { DescEnum, DescField, DescMessage, Message } from '@bufbuild/protobuf'
import { reflect } from '@bufbuild/protobuf/reflect'
import type { ReflectMessage } from '@bufbuild/protobuf/reflect'
import { toJson } from '@bufbuild/protobuf'
import { durationText, isWrapper, timestampText } from './known-values'
import { isAlwaysThere } from './presence'

/**
 * A message as the value that handlers get: fields by their names in JSON, numbers beyond 2^53 as `bigint`, bytes as `Buffer`, enums by name, times as text. A
 * field that is not set is left out where that can be known, and is its zero else.
 */
export function plainOf(desc: DescMessage, message: Message): unknown {
  return plainMessage(reflect(desc, message))
}

function plainMessage(message: ReflectMessage): unknown {
  const { desc } = message
  switch (desc.typeName) {
    case 'google.protobuf.Timestamp':
      return timestampText(message)
    case 'google.protobuf.Duration':
      return durationText(message)
    case 'google.protobuf.Struct':
    case 'google.protobuf.Value':
    case 'google.protobuf.ListValue':
      return toJson(desc, message.message)
  }
  if (isWrapper(desc)) return plainScalar(message.get(desc.fields[0]))
  const value: Record<string, unknown> = {}
  for (const field of desc.fields) {
    if (message.isSet(field) || isAlwaysThere(field)) value[field.jsonName] = plainField(message, field)
  }
  return value
}

function plainField(message: ReflectMessage, field: DescField): unknown {
  switch (field.fieldKind) {
    case 'list':
      return [...message.get(field)].map((item) => plainItem(field, item))
    case 'map': {
      const entries = [...message.get(field)].map(([key, item]) => [String(key), plainItem(field, item)] as const)
      return Object.fromEntries(entries)
    }
    default:
      return plainItem(field, message.get(field))
  }
}

function plainItem(field: DescField, item: unknown): unknown {
  if (field.enum) return symbolOf(field.enum, item as number)
  return field.message ? plainMessage(item as ReflectMessage) : plainScalar(item)
}

/** A number that has no name stays a number: enums are open. */
function symbolOf({ values }: DescEnum, number: number): string | number {
  return values.find((one) => one.number === number)?.name ?? number
}

function plainScalar(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
