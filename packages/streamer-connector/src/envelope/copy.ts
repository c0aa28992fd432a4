/** Levels that a copy goes down; beneath, both share what is there. JSON bodies that deep are refused as they arrive and as they are published. */
const MOST_LEVELS = 1_000

/**
 * A value of its own with the same contents and classes: what becomes of one says nothing of the other. Fields are copied, methods are the class's.
 *
 * An object that has a JSON form of its own (`toJSON`) keeps the form that it had when it was copied, also where that is made of private fields. What
 * holds its data out of sight and cannot be changed, as a `UUID`, is shared.
 * @internal
 */
export function copyOf<T>(value: T, level = 0): T {
  if (typeof value !== 'object' || value === null || level > MOST_LEVELS) return value
  return copyOfObject(value, level) as T
}

/** A new object of the same class with the same fields, which it shares. */
export function shallowCopyOf<T extends object>(value: T): T {
  const copy = Object.create(Object.getPrototypeOf(value) as object | null) as T
  for (const name of Object.keys(value)) set(copy, name, value[name as keyof T])
  if (Object.hasOwn(value, 'toJSON')) keepJson(copy, (value as WithJson).toJSON)
  return copy
}

interface WithJson {
  toJSON: (key?: string) => unknown
}

function copyOfObject(value: object, level: number): object {
  if (Array.isArray(value)) return value.map((item: unknown) => copyOf(item, level + 1))
  if (value instanceof Date) return new Date(value)
  if (ArrayBuffer.isView(value)) return copyOfBytes(value)
  if (value instanceof Map || value instanceof Set) return copyOfCollection(value, level)
  if (isBoxed(value) || value instanceof RegExp || value instanceof Error) return value
  return copyOfFields(value, level)
}

function copyOfFields(value: object, level: number): object {
  const copy = Object.create(Object.getPrototypeOf(value) as object | null) as object
  for (const name of Object.keys(value)) set(copy, name, copyOf((value as Record<string, unknown>)[name], level + 1))
  const { toJSON } = value as Partial<WithJson>
  if (typeof toJSON === 'function') {
    const form = copyOf(toJSON.call(value), level + 1)
    keepJson(copy, () => form)
  }
  return copy
}

/** As a field of its own, whatever the class makes of that name. */
function set(object: object, name: string, value: unknown): void {
  if (name in object)
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  else (object as Record<string, unknown>)[name] = value
}

function keepJson(object: object, toJSON: WithJson['toJSON']): void {
  Object.defineProperty(object, 'toJSON', { value: toJSON, writable: true, enumerable: false, configurable: true })
}

function copyOfBytes(bytes: ArrayBufferView): object {
  if (Buffer.isBuffer(bytes)) return Buffer.from(bytes)
  // A clone of a view would carry along all that it is a view of.
  return bytes instanceof Uint8Array ? Uint8Array.from(bytes) : structuredClone(bytes)
}

function copyOfCollection(value: Map<unknown, unknown> | Set<unknown>, level: number): object {
  if (value instanceof Set) return new Set([...value].map((item) => copyOf(item, level + 1)))
  return new Map([...value].map(([key, item]) => [copyOf(key, level + 1), copyOf(item, level + 1)]))
}

/** Booster's `UUID` is a `String`. */
function isBoxed(value: object): boolean {
  return value instanceof String || value instanceof Number || value instanceof Boolean || value instanceof BigInt
}
