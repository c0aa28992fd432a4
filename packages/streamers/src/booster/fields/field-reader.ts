import { isDescribed } from './class-metadata'
import type { AnyClass, FieldType } from './class-metadata'
import { instantOf } from './instant'

/** A value that is not of a field's type. */
export class Misfit {
  public constructor(
    /** Where in the field, as `.inner.count` or `[2]`; empty: the field itself. */
    public readonly path: string,
    /** What it should be; undefined: something is missing there. */
    public readonly expected?: string
  ) {}

  /** The same, told from one level up. */
  public below(path: string): Misfit {
    return new Misfit(`${path}${this.path}`, this.expected)
  }
}

/** Reads a field's value as it came: answers it as the class has it, or says why it does not fit. Nothing is written to what came. */
export type Read = (value: unknown) => unknown

/** Reads the fields of a nested class. */
export type ReadObject = (ofClass: AnyClass, value: object) => unknown

/**
 * A reader of fields, as far as the compiler plugin describes their types without doubt. It keeps neither what an interface or an alias has, nor how long a tuple is,
 * nor what an object turns into as JSON: there, any value is a field's.
 */
export function readerOf(type: FieldType, readObject: ReadObject): Read {
  const read = presentReaderOf(type, readObject)
  const isOptional = type.isNullable || isOpen(type)
  return (value) => {
    if (value !== undefined && value !== null) return read(value)
    return isOptional ? value : new Misfit('')
  }
}

type ReaderOfGroup = (type: FieldType, readObject: ReadObject) => Read

const READERS: Readonly<Record<string, ReaderOfGroup>> = {
  String: () => plain('string', 'String'),
  Number: () => plain('number', 'Number'),
  Boolean: () => plain('boolean', 'Boolean'),
  Array: listReader,
  ReadonlyArray: listReader,
  Class: classReader,
  Enum: enumReader,
  Interface: ({ name }) => (name === 'Date' ? asDate : asItIs),
  Union: unionReader,
  Object: ({ name }) => (isTuple(name) ? anyList : asItIs),
  Other: ({ name }) => (name === 'bigint' ? asBigInt : literalReader(name)),
}

function presentReaderOf(type: FieldType, readObject: ReadObject): Read {
  return READERS[type.typeGroup]?.(type, readObject) ?? asItIs
}

/** Groups that hold a value in any case, unless they take null; the plugin calls a type parameter an intersection. */
const CLOSED = new Set(['String', 'Number', 'Boolean', 'Array', 'ReadonlyArray', 'Class', 'Enum', 'Interface', 'Type'])

/** Whether nothing may stand there too, for all that is known. */
function isOpen(type: FieldType): boolean {
  if (CLOSED.has(type.typeGroup)) return false
  if (type.typeGroup === 'Union') return type.parameters.some(isOpen)
  if (type.typeGroup === 'Object') return type.name === 'unknown'
  return !(type.typeGroup === 'Other' && (type.name === 'bigint' || isLiteral(type.name)))
}

function asItIs(value: unknown): unknown {
  return value
}

function plain(kind: string, expected: string): Read {
  const misfit = new Misfit('', expected)
  return (value) => (typeof value === kind ? value : misfit)
}

function asDate(value: unknown): unknown {
  return instantOf(value) ?? new Misfit('', 'Date')
}

/** On the wire nothing tells a `bigint` from another whole number but its size. */
function asBigInt(value: unknown): unknown {
  if (typeof value === 'bigint') return value
  return Number.isSafeInteger(value) ? BigInt(value as number) : new Misfit('', 'bigint')
}

function isTuple(name: string): boolean {
  return /^(readonly )?\[.*\]$/s.test(name)
}

function anyList(value: unknown): unknown {
  return Array.isArray(value) ? value : new Misfit('', 'Array')
}

function listReader({ parameters, typeGroup }: FieldType, readObject: ReadObject): Read {
  const [element] = parameters
  if (element === undefined) return anyList
  const read = readerOf(element, readObject)
  const none = new Misfit('', typeGroup)
  return (value) => (Array.isArray(value) ? readList(value, read) : none)
}

/** The list itself where nothing in it becomes something else. */
function readList(list: readonly unknown[], read: Read): unknown {
  let changed: unknown[] | undefined
  for (let index = 0; index < list.length; index += 1) {
    const item = read(list[index])
    if (item instanceof Misfit) return item.below(`[${index}]`)
    if (item === list[index]) continue
    changed ??= [...list]
    changed[index] = item
  }
  return changed ?? list
}

/** What fits one of several as it came is left so: a text stays one where a `Date` may be there too. */
function unionReader({ parameters, name }: FieldType, readObject: ReadObject): Read {
  const readers = parameters.map((one) => readerOf(one, readObject))
  const misfit = new Misfit('', name)
  return (value) => {
    const read = readers.map((one) => one(value)).filter((one) => !(one instanceof Misfit))
    return read.length === 0 ? misfit : (read.find((one) => one === value) ?? read[0])
  }
}

function enumReader({ type, typeName, name }: FieldType): Read {
  if (typeof type !== 'object' || type === null || typeName !== name) return asItIs
  const members = Object.entries(type).filter(([key]) => String(Number(key)) !== key)
  const values = new Set(members.map(([, value]) => value as unknown))
  // The compiler takes any number for a member of an enum of numbers: flags are put together so.
  const isOfNumbers = members.some(([, value]) => typeof value === 'number')
  const misfit = new Misfit('', name)
  return (value) => (values.has(value) || (isOfNumbers && typeof value === 'number') ? value : misfit)
}

function isLiteral(name: string): boolean {
  return literalOf(name) !== undefined
}

/** `"draft"`, `5`. A member of an enum is kept by its name alone, and so `true` may be one. */
function literalOf(name: string): string | number | undefined {
  if (!/^(".*"|-?\d+(\.\d+)?)$/s.test(name)) return undefined
  try {
    return JSON.parse(name) as string | number
  } catch {
    return undefined
  }
}

function literalReader(name: string): Read {
  const literal = literalOf(name)
  if (literal === undefined) return asItIs
  const misfit = new Misfit('', name)
  return (value) => (value === literal ? value : misfit)
}

/**
 * A class that is sent as text (Booster's `UUID` is a `String`) stays one. One that makes its own JSON can look like anything there.
 */
function classReader({ type, typeName = '', name }: FieldType, readObject: ReadObject): Read {
  // Another name stands in the class for what came from elsewhere under this one.
  if (typeof type !== 'function' || typeName !== name.replace(/<.*$/s, '')) return asItIs
  const ofClass = type as AnyClass
  const prototype = ofClass.prototype as object
  if (prototype instanceof String) return plain('string', typeName)
  if (prototype instanceof Array) return anyList
  if (typeof (prototype as { toJSON?: unknown }).toJSON === 'function' || !isDescribed(ofClass)) return asItIs
  const misfit = new Misfit('', typeName)
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return misfit
    return value instanceof ofClass ? value : readObject(ofClass, value)
  }
}
