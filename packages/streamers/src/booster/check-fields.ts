import { StreamerError } from '@boostercloud/streamer-connector'

/** What Booster's compiler plugin (metadata-booster) keeps of a field's type, as far as it is looked at here. */
interface FieldType {
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
  Number: (value) => typeof value === 'number' || typeof value === 'bigint',
  Boolean: (value) => typeof value === 'boolean',
  Array: acceptsList,
  ReadonlyArray: acceptsList,
  Class: (value, { typeName }) =>
    typeName === 'UUID' ? typeof value === 'string' : isDate(value, typeName) || isRecord(value),
  Interface: isRecord,
}

/**
 * Checks an event that came from outside against its class: every field there and of its type, no field in the place of a method.
 * Throws `EVENT_MISMATCH` for the first that is not. A class that was compiled without Booster's plugin is not looked into.
 */
export function checkFields(event: object, eventClass: AnyClass, at: string): void {
  for (const name of Object.keys(event)) {
    if (typeof (eventClass.prototype as Record<string, unknown>)[name] === 'function') {
      throw mismatch(`has a field in the place of the method ${name}`, eventClass, at)
    }
  }
  for (const { name, typeInfo } of fieldsOf(eventClass)) {
    const wrong = typeInfo.isGetAccessor ? undefined : wrongWith((event as Record<string, unknown>)[name], typeInfo)
    if (wrong === 'missing') throw mismatch(`lacks the field ${name}`, eventClass, at)
    if (wrong === 'mistyped') {
      throw mismatch(`has a field ${name} that is no ${typeInfo.typeName ?? typeInfo.typeGroup}`, eventClass, at)
    }
  }
}

function wrongWith(value: unknown, type: FieldType): 'missing' | 'mistyped' | undefined {
  if (value === undefined || value === null)
    return type.isNullable || !(type.typeGroup in ACCEPTS) ? undefined : 'missing'
  return accepts(value, type) ? undefined : 'mistyped'
}

/** A class's fields and those it inherits. */
function fieldsOf(eventClass: AnyClass): ClassMetadata['fields'] {
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
    mend: 'Mend the producer, or write a schema migration; checkFields: false on the handler takes it as it is.',
  })
}
