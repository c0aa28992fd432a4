import type { FieldSchema } from '../event-schema'
import { itemAt, lengthOf, listForm } from './list-form'
import type { ListForm } from './list-form'
import { covers, resolved, said, valuesOf } from './values'
import type { Definitions, Values } from './values'

/** A difference between two schemas, at one field. */
export interface FieldChange {
  readonly field: string
  readonly what: string
  /** Older data no longer fit. */
  readonly older: boolean
  /** Newer data don't fit the old class. */
  readonly newer: boolean
  readonly hint: string
}

type Compare = (walk: Comparison, old: FieldSchema, now: FieldSchema) => void
type Pair = readonly [before: FieldSchema, after: FieldSchema]

/**
 * Walks through two schemas side by side, as JSON Schema reads them. An object of a class is taken to be written with the fields that the class has and no others, and to be
 * read with any others. Where it is not certain that every value of one fits the other, that is a change.
 */
export class Comparison {
  public readonly found: FieldChange[] = []

  public constructor(
    private readonly old: Definitions,
    private readonly now: Definitions,
    /** Pairs that are compared already, or just now: a type may contain itself. */
    private readonly seen: Pair[] = []
  ) {}

  /** Events themselves; one without fields is no object of any fields. */
  public event(before: FieldSchema, after: FieldSchema): void {
    this.seen.push([before, after])
    this.fields({ properties: {}, ...before }, { properties: {}, ...after }, '')
  }

  private type(before: FieldSchema, after: FieldSchema, path: string): void {
    const pair: Pair = [resolved(before, this.old), resolved(after, this.now)]
    if (this.seen.some(([old, now]) => old === pair[0] && now === pair[1])) return
    this.seen.push(pair)
    const [was, is] = [valuesOf(pair[0], this.old), valuesOf(pair[1], this.now)]
    this.kinds(was, is, path)
    if (was.anything || is.anything) return
    this.forms(was.objects, is.objects, path, (walk, old, now) => walk.fields(old, now, path))
    this.forms(was.lists, is.lists, path, (walk, old, now) => walk.list(listForm(old), listForm(now), path))
  }

  private kinds(was: Values, is: Values, field: string): void {
    const older = !isCovered(was, is)
    const newer = !isCovered(is, was)
    if (!older && !newer) return
    const how = older && newer ? 'has another type' : older ? 'takes less than before' : 'takes more than before'
    this.changed(field, `${how}: ${said(was)} → ${said(is)}`, older, newer)
  }

  /** Objects, or lists, that stand at one place: one by one where it is clear which has become which. */
  private forms(was: readonly FieldSchema[], is: readonly FieldSchema[], field: string, compare: Compare): void {
    if (was.length === 1 && is.length === 1) compare(this, was[0], is[0])
    else if (was.length > 0 && is.length > 0) this.several(was, is, field, compare)
  }

  private several(was: readonly FieldSchema[], is: readonly FieldSchema[], field: string, compare: Compare): void {
    const gone = was.filter((old) => !is.some((now) => !this.alone(compare, old, now).some(({ older }) => older)))
    const come = is.filter((now) => !was.some((old) => !this.alone(compare, old, now).some(({ newer }) => newer)))
    const [before, after] = [gone[0] ?? was[is.indexOf(come[0])], come[0] ?? is[was.indexOf(gone[0])]]
    const isOne = gone.length <= 1 && come.length <= 1 && was.length === is.length
    if (isOne && before && after) compare(this, before, after)
    else this.changed(field, 'has another form among those it can have', gone.length > 0, come.length > 0)
  }

  /** What two forms come to where nothing else is told of them. */
  private alone(compare: Compare, old: FieldSchema, now: FieldSchema): readonly FieldChange[] {
    const walk = new Comparison(this.old, this.now, [...this.seen])
    compare(walk, old, now)
    return walk.found
  }

  private fields(old: FieldSchema, now: FieldSchema, path: string): void {
    const [oldFields, newFields] = [old.properties ?? {}, now.properties ?? {}]
    const pathOf = (name: string): string => (path === '' ? name : `${path}.${name}`)
    for (const [name, schema] of Object.entries(oldFields)) {
      if (Object.hasOwn(newFields, name)) {
        this.presence(pathOf(name), isRequired(old, name), isRequired(now, name))
        this.type(schema, newFields[name], pathOf(name))
      } else this.gone(pathOf(name), schema, isRequired(old, name), now)
    }
    for (const [name, schema] of Object.entries(newFields)) {
      if (!Object.hasOwn(oldFields, name)) this.added(pathOf(name), schema, isRequired(now, name), old)
    }
    this.others(old, now, path)
  }

  private gone(field: string, schema: FieldSchema, isRequired: boolean, now: FieldSchema): void {
    const others = now.additionalProperties
    const hint = `Keep ${field} until no handler reads it, and remove it with a migration to a higher version`
    this.found.push({ field, what: 'is gone', older: others === false, newer: isRequired, hint })
    if (typeof others === 'object') this.type(schema, others, field)
  }

  private added(field: string, schema: FieldSchema, isRequired: boolean, old: FieldSchema): void {
    const others = old.additionalProperties
    const what = isRequired ? 'is new and required' : 'is new'
    this.found.push({ field, what, older: isRequired, newer: others === false, hint: `Make ${field} optional` })
    if (typeof others === 'object') this.type(others, schema, field)
  }

  /** What objects hold beside their fields, as a `Record` does. */
  private others(old: FieldSchema, now: FieldSchema, path: string): void {
    const [was, is] = [othersOf(old), othersOf(now)]
    if (typeof was === 'object' && typeof is === 'object') return this.type(was, is, path === '' ? '*' : `${path}.*`)
    this.changed(path, 'takes less than before', isBeyond(was, is, now), false)
    this.changed(path, 'takes more than before', false, isBeyond(is, was, old))
  }

  private list(old: ListForm, now: ListForm, path: string): void {
    const places = Math.max(old.first.length, now.first.length)
    for (let place = 0; place < places; place += 1) this.item(old, now, place, `${path}[${place}]`)
    this.item(old, now, places, `${path}[]`)
    const older = old.least < now.least || old.most > now.most
    const newer = now.least < old.least || now.most > old.most
    if (older || newer) this.changed(path, `has another length: ${lengthOf(old)} → ${lengthOf(now)}`, older, newer)
  }

  private item(old: ListForm, now: ListForm, place: number, path: string): void {
    const [was, is] = [itemAt(old, place), itemAt(now, place)]
    if (was && is) this.type(was, is, path)
  }

  private presence(field: string, was: boolean, is: boolean): void {
    if (!was && is) {
      this.found.push({ field, what: 'is required now', older: true, newer: false, hint: `Keep ${field} optional` })
    } else if (was && !is) {
      const hint = `Keep ${field} required until every handler knows that it may be missing`
      this.found.push({ field, what: 'is optional now', older: false, newer: true, hint })
    }
  }

  private changed(field: string, what: string, older: boolean, newer: boolean): void {
    if (!older && !newer) return
    this.found.push({ field, what, older, newer, hint: `Leave ${field} as it is and add a field` })
  }
}

function isCovered(some: Values, all: Values): boolean {
  if (all.anything) return true
  if (some.anything) return false
  const isKnown = [...some.plain].every((kind) => covers(all.plain, kind))
  return (
    isKnown &&
    (some.objects.length === 0 || all.objects.length > 0) &&
    (some.lists.length === 0 || all.lists.length > 0)
  )
}

function isRequired({ required = [] }: FieldSchema, name: string): boolean {
  return required.includes(name)
}

type Others = FieldSchema | 'anything' | 'nothing'

/** A schema: the values beside the fields; `anything`: an object of which nothing is said; `nothing`: one of a class, written with its fields. */
function othersOf({ properties, additionalProperties }: FieldSchema): Others {
  if (typeof additionalProperties === 'object') return additionalProperties
  return properties === undefined && additionalProperties !== false ? 'anything' : 'nothing'
}

/** Whether an object may hold beside its fields what another one refuses there. */
function isBeyond(some: Others, all: Others, of: FieldSchema): boolean {
  if (some === 'anything') return all !== 'anything' && hasParts(of)
  return typeof some === 'object' && of.additionalProperties === false
}

function hasParts(schema: FieldSchema): boolean {
  const { properties = {}, additionalProperties, required = [] } = schema
  return Object.keys(properties).length + required.length > 0 || additionalProperties !== undefined
}
