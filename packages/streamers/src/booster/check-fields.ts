import { StreamerError } from '@boostercloud/streamer-connector'

/** What Booster's compiler plugin (metadata-booster) keeps of a field's type, as far as it is looked at here. */
interface FieldType {
  /** The type as it is written. */
  readonly name?: string
  readonly typeGroup: string
  readonly typeName?: string
  readonly isNullable: boolean
  readonly isGetAccessor?: boolean
  readonly parameters: readonly FieldType[]
}

/** What the plugin keeps of a class. */
interface ClassMetadata {
  readonly fields: readonly { readonly name: string; readonly typeInfo: FieldType }[]
}

type AnyClass = abstract new (...args: never[]) => object

const TYPE_INFO = 'booster:typeinfo'

/** Whether a value may be a field of such a type. What is not said here is accepted: the plugin knows no more of it. */
const ACCEPTS: Readonly<Record<string, (value: unknown, type: FieldType) => boolean>> = {
  String: (value) => typeof value === 'string',
  Number: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  Array: acceptsList,
  ReadonlyArray: acceptsList,
  Class: (value, { typeName }) =>
    typeName === 'UUID' ? typeof value === 'string' : isDate(value, typeName) || isRecord(value),
  Interface: isRecord,
}
/** The plugin has no group for it. */
const BIGINT = 'bigint'

/**
 * Checks an event that came from outside against its class: every field there and of its type, no field in the place of a method.
 * A whole number in the place of a `bigint` becomes one: on the wire nothing tells them apart but their size.
 * Throws `EVENT_MISMATCH` for the first that does not fit. A class that was compiled without Booster's plugin is not looked into.
 */
export function checkFields(event: object, eventClass: AnyClass, at: string): void {
  for (const name of Object.keys(event)) {
    if (typeof (eventClass.prototype as Record<string, unknown>)[name] === 'function') {
      throw mismatch(`has a field in the place of the method ${name}`, eventClass, at)
    }
  }
  const fields = event as Record<string, unknown>
  for (const { name, typeInfo } of fieldsOf(eventClass)) {
    if (typeInfo.isGetAccessor) continue
    const value = asBigInts(fields[name], typeInfo)
    if (value !== fields[name]) fields[name] = value
    const wrong = wrongWith(value, typeInfo)
    if (wrong === 'missing') throw mismatch(`lacks the field ${name}`, eventClass, at)
    if (wrong === 'mistyped') {
      const hint = typeof value === 'bigint' ? ', but a whole number beyond 2^53, which takes a bigint' : ''
      throw mismatch(`has a field ${name} that is no ${nameOf(typeInfo)}${hint}`, eventClass, at)
    }
  }
}

/** Whole numbers as `bigint`s where the field, or the list, is of such. */
function asBigInts(value: unknown, type: FieldType): unknown {
  if (isBigInt(type)) return Number.isSafeInteger(value) ? BigInt(value as number) : value
  const [element] = type.parameters
  if (!Array.isArray(value) || element === undefined || !isBigInt(element)) return value
  return value.map((one) => asBigInts(one, element))
}

function isBigInt({ typeGroup, name }: FieldType): boolean {
  return typeGroup === 'Other' && name === BIGINT
}

function nameOf(type: FieldType): string {
  return isBigInt(type) ? BIGINT : (type.typeName ?? type.typeGroup)
}

function wrongWith(value: unknown, type: FieldType): 'missing' | 'mistyped' | undefined {
  if (value === undefined || value === null)
    return type.isNullable || !(type.typeGroup in ACCEPTS || isBigInt(type)) ? undefined : 'missing'
  return accepts(value, type) ? undefined : 'mistyped'
}

/** A class's fields and those it inherits; none where it was compiled without Booster's plugin. */
export function fieldsOf(eventClass: AnyClass): ClassMetadata['fields'] {
  const { getOwnMetadata } = Reflect as { getOwnMetadata?: (key: string, target: object) => ClassMetadata | undefined }
  if (!getOwnMetadata) return []
  const fields = new Map<string, ClassMetadata['fields'][number]>()
  for (let one: unknown = eventClass; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    for (const field of getOwnMetadata(TYPE_INFO, one)?.fields ?? []) {
      if (!fields.has(field.name)) fields.set(field.name, field)
    }
  }
  return [...fields.values()]
}

function accepts(value: unknown, type: FieldType): boolean {
  if (isBigInt(type)) return typeof value === 'bigint'
  return ACCEPTS[type.typeGroup]?.(value, type) ?? true
}

function acceptsList(value: unknown, { parameters }: FieldType): boolean {
  if (!Array.isArray(value)) return false
  const [element] = parameters
  if (element === undefined) return true
  return value.every((one) => (one === null || one === undefined ? element.isNullable : accepts(one, element)))
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A date is a string on the wire. */
function isDate(value: unknown, typeName?: string): boolean {
  return typeName === 'Date' && (typeof value === 'string' || value instanceof Date)
}

function mismatch(what: string, { name }: AnyClass, at: string): StreamerError {
  return new StreamerError('EVENT_MISMATCH', `The event is no ${name}: it ${what}.`, {
    at,
    hint: 'Fix the producer, or write a schema migration; checkFields: false on the handler takes it as it is.',
  })
}
