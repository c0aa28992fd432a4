/** Gives a stored value the type that its field has in the class; the same value where it has that already. */
type Revive = (value: unknown) => unknown

/** What Booster's compiler plugin keeps of a field's type, as far as it is used here. */
interface FieldType {
  readonly name: string
  readonly typeGroup: string
  readonly parameters: readonly FieldType[]
  readonly type?: unknown
}

type AnyClass = abstract new (...args: never[]) => object
type Fields = Readonly<Record<string, unknown>>

/** As `Date.prototype.toJSON` writes a time. */
const STORED_DATE = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const STORED_BIGINT = /^-?\d+$/

const revivers = new WeakMap<AnyClass, Revive | undefined>()

/**
 * Fields of an object of a class, as the class has them: a `Date` where it has one, a `bigint` likewise, also in lists and in objects of nested classes.
 * What the compiler plugin does not describe stays as it is stored. A plain object comes of a plain object; nothing is written to it.
 */
export function revived<T>(ofClass: AnyClass | undefined, value: T): T {
  if (ofClass === undefined) return value
  return (reviverOf(ofClass)?.(value) ?? value) as T
}

/** Undefined where the class has nothing that JSON loses. */
function reviverOf(ofClass: AnyClass): Revive | undefined {
  if (revivers.has(ofClass)) return revivers.get(ofClass)
  let fields: ReadonlyMap<string, Revive> = new Map()
  const revive: Revive = (value) => (isObject(value) ? reviveFields(value, fields) : value)
  // A class that holds itself finds this one.
  revivers.set(ofClass, revive)
  fields = new Map(
    fieldsOf(ofClass).flatMap(({ name, typeInfo }) => {
      const ofField = reviverOfType(typeInfo)
      return ofField ? [[name, ofField]] : []
    })
  )
  if (fields.size === 0) revivers.set(ofClass, undefined)
  return revivers.get(ofClass)
}

function reviverOfType(type: FieldType): Revive | undefined {
  if (type.typeGroup === 'Interface' && type.name === 'Date') return asDate
  if (type.typeGroup === 'Other' && type.name === 'bigint') return asBigInt
  if (type.typeGroup === 'Class' && typeof type.type === 'function') return reviverOf(type.type as AnyClass)
  return /^(Readonly)?Array$/.test(type.typeGroup) ? reviverOfList(type) : undefined
}

function reviverOfList({ parameters: [element] }: FieldType): Revive | undefined {
  const ofElement = element && reviverOfType(element)
  return ofElement && ((value) => (Array.isArray(value) ? value.map(ofElement) : value))
}

function asDate(value: unknown): unknown {
  return typeof value === 'string' && STORED_DATE.test(value) ? new Date(value) : value
}

function asBigInt(value: unknown): unknown {
  if (typeof value === 'string') return STORED_BIGINT.test(value) ? BigInt(value) : value
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}

function reviveFields(object: Fields, fields: ReadonlyMap<string, Revive>): Fields {
  let changed: Record<string, unknown> | undefined
  for (const [name, revive] of fields) {
    if (!Object.hasOwn(object, name)) continue
    const value = revive(object[name])
    if (value === object[name]) continue
    changed ??= { ...object }
    changed[name] = value
  }
  return changed ?? object
}

function fieldsOf(ofClass: AnyClass): readonly { readonly name: string; readonly typeInfo: FieldType }[] {
  const { getMetadata } = Reflect as {
    getMetadata?: (
      key: string,
      target: object
    ) => { readonly fields?: readonly { readonly name: string; readonly typeInfo: FieldType }[] } | undefined
  }
  return getMetadata?.('booster:typeinfo', ofClass)?.fields ?? []
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
