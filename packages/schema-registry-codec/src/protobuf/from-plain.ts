import { hasUtf8Form } from '@boostercloud/streamer-connector'
import { ScalarType, fromJson } from '@bufbuild/protobuf'
import type { DescEnum, DescField, DescMessage, JsonValue, Message } from '@bufbuild/protobuf'
import { reflect } from '@bufbuild/protobuf/reflect'
import type { ReflectList, ReflectMap, ReflectMessage } from '@bufbuild/protobuf/reflect'
import { durationFrom, isWrapper, timestampFrom } from './known-values'
import { Misfit } from '../misfit'

/**
 * An event's fields as a message. Throws, naming the field and never its value, for a field that the message does not have, for a value that is not of its
 * type, and for two of which only one may be set.
 */
export function messageFrom(desc: DescMessage, value: unknown, levels: number): Message {
  return new Writing().message(desc, value, { path: [], levels }).message
}

/** Where a value stands, and how many levels may be below it. */
interface Place {
  readonly path: readonly string[]
  readonly levels: number
}

class Writing {
  public message(desc: DescMessage, value: unknown, { path, levels }: Place): ReflectMessage {
    if (levels === 0) throw new Misfit('it is nested too deeply')
    const known = knownMessage(desc, value, path)
    if (known) return known
    const message = reflect(desc)
    if (isWrapper(desc)) this.set(message, desc.fields[0], value, { path, levels })
    else this.fields(message, value, { path, levels })
    return message
  }

  private fields(message: ReflectMessage, value: unknown, { path, levels }: Place): void {
    const { desc } = message
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, desc.name)
    const taken = new Map<string, string>()
    for (const [name, inner] of Object.entries(value)) {
      if (inner === undefined || typeof inner === 'function') continue
      const at = [...path, name]
      const field = desc.fields.find((one) => one.jsonName === name || one.name === name)
      if (!field) throw new Misfit(`the schema has no field ${at.join('.')}`)
      if (isNothing(field, inner, at)) continue
      refuseSecond(field, at, taken)
      this.set(message, field, inner, { path: at, levels })
    }
  }

  private set(message: ReflectMessage, field: DescField, value: unknown, place: Place): void {
    if (field.fieldKind === 'list') return this.list(message.get(field), value, place)
    if (field.fieldKind === 'map') return this.map(message.get(field), value, place)
    const item = this.item(field, value, place)
    checked(field, place.path, () => message.set(field, item as never))
  }

  private list(list: ReflectList, value: unknown, { path, levels }: Place): void {
    if (!Array.isArray(value)) throw wrong(path, 'list')
    const field = list.field()
    for (const [index, one] of value.entries()) {
      const at = [...path, String(index)]
      const item = this.item(field, one, { path: at, levels })
      checked(field, at, () => list.add(item as never))
    }
  }

  private map(map: ReflectMap, value: unknown, { path, levels }: Place): void {
    const field = map.field()
    for (const [key, one] of entriesOf(value, path)) {
      const at = [...path, key]
      const item = this.item(field, one, { path: at, levels })
      checked(field, at, () => map.set(keyOf(field.mapKey, key, at) as never, item as never))
    }
  }

  private item(field: DescField, value: unknown, { path, levels }: Place): unknown {
    if (field.message) return this.message(field.message, value, { path, levels: levels - 1 })
    if (field.enum) return numberOf(field.enum, value, path)
    return scalarOf(field.scalar as ScalarType, value, path)
  }
}

/** The library answers or throws with what is wrong, and may quote the value: that is left out. */
function checked(field: DescField, path: readonly string[], work: () => unknown): void {
  let refused: unknown
  try {
    refused = work()
  } catch (error) {
    refused = error
  }
  if (refused instanceof RangeError || refused instanceof TypeError) throw refused
  if (refused instanceof Error) throw wrong(path, nameOf(field))
}

/** Whether a value says that a field is not set. Throws where it can be no such value. */
function isNothing(field: DescField, value: unknown, path: readonly string[]): boolean {
  if (value !== null || isValue(field)) return false
  if (isUnsettable(field)) return true
  throw new Misfit(`the field ${path.join('.')} cannot be null`)
}

function refuseSecond({ oneof }: DescField, path: readonly string[], taken: Map<string, string>): void {
  if (!oneof) return
  const other = taken.get(oneof.name)
  if (other !== undefined) throw new Misfit(`the fields ${other} and ${path.join('.')} cannot both be set`)
  taken.set(oneof.name, path.join('.'))
}

function knownMessage(desc: DescMessage, value: unknown, path: readonly string[]): ReflectMessage | undefined {
  switch (desc.typeName) {
    case 'google.protobuf.Timestamp':
      return counted(desc, () => timestampFrom(value), path)
    case 'google.protobuf.Duration':
      return counted(desc, () => durationFrom(value), path)
    case 'google.protobuf.Struct':
    case 'google.protobuf.Value':
    case 'google.protobuf.ListValue':
      return jsonValue(desc, value, path)
    default:
      return undefined
  }
}

function counted(desc: DescMessage, count: () => object, path: readonly string[]): ReflectMessage {
  const message = reflect(desc)
  try {
    for (const [index, part] of Object.values(count()).entries()) message.set(desc.fields[index], part as never)
    return message
  } catch {
    throw wrong(path, desc.name)
  }
}

function jsonValue(desc: DescMessage, value: unknown, path: readonly string[]): ReflectMessage {
  try {
    return reflect(desc, fromJson(desc, value as JsonValue))
  } catch {
    throw wrong(path, desc.name)
  }
}

/** Types of numbers that a `bigint` may be needed for. */
export const LONGS: readonly (ScalarType | undefined)[] = [
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]

function scalarOf(type: ScalarType, value: unknown, path: readonly string[]): unknown {
  const name = ScalarType[type].toLowerCase()
  if (LONGS.includes(type)) {
    if (typeof value === 'bigint') return value
    if (!Number.isSafeInteger(value)) throw wrong(path, name)
    return BigInt(value as number)
  }
  if (type === ScalarType.STRING && (typeof value !== 'string' || !hasUtf8Form(value))) throw wrong(path, name)
  if (type === ScalarType.BYTES && !(value instanceof Uint8Array)) throw wrong(path, name)
  return value
}

function numberOf({ values, name }: DescEnum, value: unknown, path: readonly string[]): number {
  const number = values.find((one) => one.name === value || one.number === value)?.number
  if (number === undefined) throw wrong(path, name)
  return number
}

function keyOf(type: ScalarType, key: string, path: readonly string[]): string | number | bigint | boolean {
  if (key === '__proto__') throw new Misfit("a map has the forbidden key '__proto__'")
  if (type === ScalarType.STRING) return scalarOf(type, key, path) as string
  if (type === ScalarType.BOOL) {
    if (key !== 'true' && key !== 'false') throw wrong(path, 'bool')
    return key === 'true'
  }
  if (!/^-?\d+$/.test(key)) throw wrong(path, ScalarType[type].toLowerCase())
  return LONGS.includes(type) ? BigInt(key) : Number(key)
}

function entriesOf(value: unknown, path: readonly string[]): [string, unknown][] {
  if (value instanceof Map) return [...value].map(([key, item]: [unknown, unknown]) => [String(key), item])
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'map')
  return Object.entries(value)
}

/** `google.protobuf.Value` has a null of its own. */
function isValue({ fieldKind, message }: DescField): boolean {
  return fieldKind === 'message' && message.typeName === 'google.protobuf.Value'
}

/** Whether a field says that it is not set, so that null is no other value. */
function isUnsettable({ fieldKind, presence }: DescField): boolean {
  return fieldKind === 'message' || presence !== 2
}

function nameOf(field: DescField): string {
  if (field.message) return field.message.name
  return field.enum ? field.enum.name : ScalarType[field.scalar as ScalarType].toLowerCase()
}

function wrong(path: readonly string[], name: string): TypeError {
  return new Misfit(`${path.length === 0 ? 'the event' : `the field ${path.join('.')}`} is no ${name}`)
}
