import { hasUtf8Form } from './utf8-form'

/** A value that the wire has no form for: where it is in the event, and what it is. */
export interface UnfitField {
  /** As `lines[2].price`; empty for the event itself. */
  readonly path: string
  /** In words, without the value. */
  readonly what: string
}

/** Levels that a body may have where it is read. */
const MOST_LEVELS = 500
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/
const LONGEST_NAME = 60

/** A name that JSON has in an object; the method of every event, which a class may have as a field; what makes an object's JSON itself. */
const OF_EVENTS = 'entityID'

/**
 * The first field of an event that JSON has no form for, or one that would not be read as it was: `NaN`, a `Map`, `undefined` in a list, a function, a circle.
 * Undefined where all is well. Objects are looked at as `JSON.stringify` does, with their `toJSON`; a field that is `undefined` is absent, and a `bigint` is a
 * number. May throw what a getter or a `toJSON` throws.
 */
export function unfitField(event: unknown): UnfitField | undefined {
  const found = new Search().in(event, '')
  return found && { path: found.path.reverse().join('').replace(/^\./, ''), what: found.what }
}

/** A field that was found, with its path from the innermost outwards. */
interface Found {
  readonly path: string[]
  readonly what: string
}

class Search {
  private readonly around: object[] = []

  /** `key`: as `toJSON` is told. */
  public in(given: unknown, key: string): Found | undefined {
    const value = isObject(given) || typeof given === 'bigint' ? ownForm(given, key) : given
    const what = value === null ? undefined : whatOfPlain(value)
    if (what !== undefined) return { path: [], what: given instanceof Date ? 'a Date that is no time' : what }
    if (!isObject(value))
      return value === null && given instanceof Date ? { path: [], what: 'a Date that is no time' } : undefined
    return this.inObject(value)
  }

  private inObject(value: object): Found | undefined {
    if (this.around.includes(value)) return { path: [], what: 'a circle: it contains itself' }
    if (this.around.length >= MOST_LEVELS) return { path: [], what: `nested deeper than ${MOST_LEVELS} levels` }
    const builtIn = builtInOf(value)
    if (builtIn !== undefined) return { path: [], what: `a ${builtIn}, of which JSON has nothing` }
    this.around.push(value)
    const found = Array.isArray(value) ? this.inList(value) : this.inFields(value as Record<string, unknown>)
    this.around.pop()
    return found
  }

  private inList(list: readonly unknown[]): Found | undefined {
    for (let at = 0; at < list.length; at += 1) {
      const item = list[at]
      const found =
        item === undefined ? { path: [], what: 'undefined, which JSON has not in a list' } : this.in(item, String(at))
      if (found) return within(found, `[${at}]`)
    }
    return undefined
  }

  private inFields(object: Readonly<Record<string, unknown>>): Found | undefined {
    for (const name of Object.keys(object)) {
      const value = object[name]
      if (value === undefined) continue
      const found = unfitName(name, value) ?? (this.isMethod(name, value) ? undefined : this.in(value, name))
      if (found) return within(found, stepTo(name))
    }
    return undefined
  }

  /** Every event has one, also where its class has it as a field. */
  private isMethod(name: string, value: unknown): boolean {
    return name === OF_EVENTS && typeof value === 'function' && this.around.length === 1
  }
}

function within(found: Found, step: string): Found {
  found.path.push(step)
  return found
}

/** What of a value that is no object has no form. */
function whatOfPlain(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? undefined : String(value)
    case 'string':
      return hasUtf8Form(value) ? undefined : 'text that is not well-formed: half of a pair of UTF-16'
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    case 'undefined':
      return 'undefined'
    default:
      return undefined
  }
}

/** A name that nobody reads, because it would reach an object's prototype, or that is no text. */
function unfitName(name: string, value: unknown): Found | undefined {
  const reachesPrototype =
    name === '__proto__' || (name === 'constructor' && isObject(value) && Object.hasOwn(value, 'prototype'))
  if (reachesPrototype) return { path: [], what: "a name that reaches an object's prototype" }
  return hasUtf8Form(name) ? undefined : { path: [], what: 'a name that is not well-formed text' }
}

/** As JSON.stringify sees a value: what its `toJSON` makes of it, or what is in its box. */
function ownForm(value: object | bigint, key: string): unknown {
  const { toJSON } = value as { toJSON?: unknown }
  const form: unknown = typeof toJSON === 'function' ? (toJSON as (key: string) => unknown).call(value, key) : value
  if (form instanceof Number) return Number(form)
  if (form instanceof String || form instanceof Boolean || form instanceof BigInt) return form.valueOf()
  return form
}

/** Whether instances with such a prototype are a built-in's, by its name; asked once for each. */
const builtIns = new WeakMap<object, { readonly name: string | undefined }>()

/** The built-in class that an object is of and that keeps what it has out of sight, as `Map`; undefined for objects of fields. */
function builtInOf(value: object): string | undefined {
  if (Array.isArray(value)) return undefined
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null || prototype === Object.prototype) return undefined
  let known = builtIns.get(prototype)
  if (known === undefined) {
    known = { name: builtInBehind(prototype) }
    builtIns.set(prototype, known)
  }
  return known.name
}

/** The root of a realm's objects has nothing behind it; whatever else is native keeps its data in slots of its own. */
function builtInBehind(prototype: object): string | undefined {
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const isRoot = Object.getPrototypeOf(at) === null
    const { constructor } = at as { constructor?: unknown }
    if (!isRoot && typeof constructor === 'function' && isOfThePlatform(constructor)) return constructor.name
  }
  return undefined
}

/** Written in native code, or one of the platform's that Node has in JavaScript. */
function isOfThePlatform(constructor: { readonly name: string }): boolean {
  if (/\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(constructor))) return true
  return (globalThis as Record<string, unknown>)[constructor.name] === constructor
}

function stepTo(name: string): string {
  if (IDENTIFIER.test(name)) return `.${name}`
  return `[${JSON.stringify(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name)}]`
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
