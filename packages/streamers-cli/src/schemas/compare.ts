import type { EventSchema, FieldSchema } from './event-schema'

/** Which readers must go on reading which data. */
export type Compatibility = 'backward' | 'forward' | 'full'

/** One difference between two schemas of an event. */
export interface SchemaChange {
  readonly event: string
  /** As `customer.name`; empty: the event itself. */
  readonly field: string
  readonly what: string
  /** New code can't read what was written before. */
  readonly breaksBackward: boolean
  /** Code that is not updated yet can't read what is written from now on. */
  readonly breaksForward: boolean
  /** The event has a higher version: code that is not updated yet parks it, and handles it once it is. */
  readonly waits: boolean
  /** What to do, as an imperative sentence. */
  readonly hint: string
  /** Where the event's class is, now or before. */
  readonly at: string
  /** Where it was carried, if that is what has changed. */
  readonly address?: string
}

/** Whether a change breaks what is to be kept. */
export function breaks({ breaksBackward, breaksForward }: SchemaChange, kept: Compatibility): boolean {
  return (kept !== 'forward' && breaksBackward) || (kept !== 'backward' && breaksForward)
}

/** What has changed between two sets of schemas, by event and field. */
export function compareSchemas(before: readonly EventSchema[], after: readonly EventSchema[]): SchemaChange[] {
  const changes: SchemaChange[] = []
  for (const old of before) {
    const now = after.find(({ event }) => event === old.event)
    if (now) changes.push(...removedTopics(old, now), ...compareEvent(old, now))
    else changes.push(removedEvent(old))
  }
  for (const { event, at } of after.filter((one) => !before.some((old) => old.event === one.event))) {
    changes.push({
      event,
      at,
      field: '',
      what: 'is new',
      breaksBackward: false,
      breaksForward: false,
      waits: false,
      hint: '',
    })
  }
  return changes
}

function removedEvent({ event, at }: EventSchema): SchemaChange {
  return {
    event,
    at,
    field: '',
    what: 'is gone, or was renamed',
    breaksBackward: true,
    breaksForward: true,
    waits: false,
    hint: `Keep ${event} until nobody handles it; publish the new event beside it.`,
  }
}

/** Old events stay in a topic that nobody reads any more, and who has not followed yet reads one that stays empty. */
function removedTopics(before: EventSchema, after: EventSchema): SchemaChange[] {
  const gone = Object.entries(before.topics).filter(([address]) => !Object.hasOwn(after.topics, address))
  return gone.map(([address, at]) => ({
    event: before.event,
    at,
    address,
    field: '',
    what: `is carried by ${address} no longer`,
    breaksBackward: true,
    breaksForward: true,
    waits: false,
    hint: `Keep ${address} in the contract until no service publishes or handles ${before.event} there.`,
  }))
}

function compareEvent(before: EventSchema, after: EventSchema): SchemaChange[] {
  const isMigrated = after.version > before.version
  const comparison = new Comparison(resolver(before.schema), resolver(after.schema))
  comparison.fields(before.schema, after.schema, '')
  return comparison.found.map(({ field, what, older, newer, hint }) => ({
    event: after.event,
    at: after.at,
    field,
    what,
    // A migration makes the new version of what was written before.
    breaksBackward: older && !isMigrated,
    breaksForward: newer,
    waits: newer && isMigrated,
    hint: fixOf({ older, newer, hint }, after, isMigrated),
  }))
}

type Fixable = Pick<FieldChange, 'older' | 'newer' | 'hint'>

function fixOf({ older, newer, hint }: Fixable, { event, version }: EventSchema, isMigrated: boolean): string {
  if (!isMigrated) return older ? `${hint}, or write a migration to version ${version + 1}.` : `${hint}.`
  if (!newer) return `${hint}.`
  return `Update the services that handle ${event} before those that publish it, and check with --compatibility backward.`
}

interface FieldChange {
  readonly field: string
  readonly what: string
  /** Older data no longer fit. */
  readonly older: boolean
  /** Newer data don't fit the old class. */
  readonly newer: boolean
  readonly hint: string
}

type Resolve = (schema: FieldSchema) => FieldSchema

/** Walks through two schemas side by side. */
class Comparison {
  public readonly found: FieldChange[] = []

  public constructor(
    private readonly oldOf: Resolve,
    private readonly newOf: Resolve
  ) {}

  public fields(before: FieldSchema, after: FieldSchema, path: string): void {
    const [old, now] = [this.oldOf(before), this.newOf(after)]
    const [oldFields, newFields] = [old.properties ?? {}, now.properties ?? {}]
    const pathOf = (name: string): string => (path === '' ? name : `${path}.${name}`)
    for (const [name, schema] of Object.entries(oldFields)) {
      if (Object.hasOwn(newFields, name)) {
        this.presence(pathOf(name), isRequired(old, name), isRequired(now, name))
        this.type(schema, newFields[name], pathOf(name))
      } else this.gone(pathOf(name), isRequired(old, name))
    }
    for (const name of Object.keys(newFields)) {
      if (!Object.hasOwn(oldFields, name)) this.added(pathOf(name), isRequired(now, name))
    }
  }

  private gone(field: string, newer: boolean): void {
    const hint = `Keep ${field} until no handler reads it, and let it go with a migration to a higher version`
    this.found.push({ field, what: 'is gone', older: false, newer, hint })
  }

  private added(field: string, older: boolean): void {
    const what = older ? 'is new and required' : 'is new'
    this.found.push({ field, what, older, newer: false, hint: `Make ${field} optional` })
  }

  private presence(field: string, was: boolean, is: boolean): void {
    if (!was && is) {
      this.found.push({ field, what: 'is required now', older: true, newer: false, hint: `Keep ${field} optional` })
    } else if (was && !is) {
      const hint = `Keep ${field} required until every handler knows that it may be missing`
      this.found.push({ field, what: 'is optional now', older: false, newer: true, hint })
    }
  }

  private type(before: FieldSchema, after: FieldSchema, field: string): void {
    const [old, now] = [this.oldOf(before), this.newOf(after)]
    if (isObject(old) && isObject(now)) this.fields(old, now, field)
    else if (isList(old) && isList(now)) this.type(old.items, now.items, `${field}[]`)
    else this.kinds(kindsOf(old, this.oldOf), kindsOf(now, this.newOf), field)
  }

  private kinds(was: ReadonlySet<string>, is: ReadonlySet<string>, field: string): void {
    const older = [...was].some((kind) => !covers(is, kind))
    const newer = [...is].some((kind) => !covers(was, kind))
    if (!older && !newer) return
    const how = older && newer ? 'has another type' : older ? 'takes less than before' : 'takes more than before'
    const what = `${how}: ${said(was)} → ${said(is)}`
    this.found.push({ field, what, older, newer, hint: `Leave ${field} as it is and add a field` })
  }
}

function isRequired({ required = [] }: FieldSchema, name: string): boolean {
  return required.includes(name)
}

function isObject(schema: FieldSchema): boolean {
  return schema.type === 'object' && schema.properties !== undefined
}

function isList(schema: FieldSchema): schema is FieldSchema & { readonly items: FieldSchema } {
  return schema.type === 'array' && schema.items !== undefined && !Array.isArray(schema.items)
}

/** What a field may be: kinds as `string`, and single values as `"draft"`. */
function kindsOf(schema: FieldSchema, resolve: Resolve): ReadonlySet<string> {
  const { anyOf, enum: values, const: value, type, format } = resolve(schema)
  if (anyOf) return new Set(anyOf.flatMap((one) => [...kindsOf(one, resolve)]))
  if (values) return new Set(values.map((one) => JSON.stringify(one)))
  if (value !== undefined) return new Set([JSON.stringify(value)])
  const types = type === undefined ? ['anything'] : [type].flat()
  return new Set(types.map((one) => (one === 'string' && format ? `string (${format})` : one)))
}

/** A kind covers its single values; a text covers texts of any form. */
function covers(kinds: ReadonlySet<string>, kind: string): boolean {
  if (kinds.has(kind) || kinds.has('anything')) return true
  if (kind.startsWith('"') || kind.startsWith('string (')) return kinds.has('string')
  if (/^-?\d/.test(kind) || kind === 'integer') return kinds.has('number')
  return (kind === 'true' || kind === 'false') && kinds.has('boolean')
}

function said(kinds: ReadonlySet<string>): string {
  return [...kinds].join(' | ')
}

const REFERENCE = '#/definitions/'

function resolver({ definitions = {} }: FieldSchema): Resolve {
  const resolve = (schema: FieldSchema, left = 20): FieldSchema => {
    if (!schema.$ref?.startsWith(REFERENCE) || left === 0) return schema
    return resolve(definitions[decodeURIComponent(schema.$ref.slice(REFERENCE.length))] ?? {}, left - 1)
  }
  return resolve
}
