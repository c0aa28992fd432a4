import { typeNamed } from '../codec/type-named'
import { ignoresBesideRef } from '../json/drafts'
import type { JsonPlace, JsonPlaces } from './json-places'
import type { FieldShape, Literal, NamedShape, SchemaShape, Shape } from './shape'

/** References that are followed to references. */
const MAX_REFERENCES = 100
/** Types that one field may come to, without those of objects, which have names. */
const MAX_SIZE = 200
/** Whole numbers up to this one are a `number` always. */
const LARGEST = Number.MAX_SAFE_INTEGER

/**
 * The shapes of the values of a JSON Schema. What an object's fields are is said by `properties`, also in `allOf` and behind references; what cannot be said as a
 * type of TypeScript is `unknown`. `name` is what the event is called where the schema has no title that can be a name.
 */
export function shapeOfJson(places: JsonPlaces, name: string): SchemaShape {
  return new Walk(places).root(name)
}

class Walk {
  private readonly named = new Map<string, NamedShape>()
  /** Objects that have a name, by where they stand. */
  private readonly names = new Map<object, string>()

  private readonly shapes = new Map<object, Shape>()
  private readonly fields = new Map<object, Fields>()

  public constructor(private readonly places: JsonPlaces) {}

  public root(fallback: string): SchemaShape {
    const place = this.followed(this.places.root)
    const fields = place && this.fieldsOf(place)
    if (!place || !fields) return { roots: [{ kind: 'unknown' }], named: this.named }
    const name = nameOf(titleOf(this.places.root) ?? titleOf(place)) ?? nameOf(fallback) ?? 'Event'
    return { roots: [this.object(place, name, fields)], named: this.named }
  }

  /** A schema that is met again has the shape of the first time; one that is met in itself, with no object between, is unknown there. */
  private shape(place: JsonPlace, name: string): Shape {
    const { schema } = place
    if (typeof schema === 'boolean') return UNKNOWN
    const known = this.shapes.get(schema)
    if (known) return known
    this.shapes.set(schema, UNKNOWN)
    const made = this.made(place, schema, name)
    const shape = sizeOf(made) > MAX_SIZE ? UNKNOWN : made
    this.shapes.set(schema, shape)
    return shape
  }

  private made(place: JsonPlace, schema: JsonObject, name: string): Shape {
    const literals = literalsIn(place)
    if (literals) return literalsOf(literals)
    if (schema.$ref !== undefined && !addsFields(place)) return this.reference(place, name)
    if (Array.isArray(schema.type)) return choiceOf(schema.type.map((type) => this.ofType(place, String(type), name)))
    const fields = this.fieldsOf(place)
    if (fields) return this.object(place, name, fields)
    const word = schema.anyOf ? 'anyOf' : 'oneOf'
    const choices = schema[word]
    if (!Array.isArray(choices)) return this.ofType(place, String(schema.type), name)
    return choiceOf(choices.map((_, index) => this.shape(place.at(word, index), `${name}${index + 1}`)))
  }

  private ofType(place: JsonPlace, type: string, name: string): Shape {
    const schema = place.schema as JsonObject
    switch (type) {
      case 'null':
      case 'boolean':
      case 'number':
        return { kind: type }
      case 'integer':
        return { kind: isSmall(schema) ? 'number' : 'long' }
      case 'string':
        return typeof schema.format === 'string' ? { kind: 'string', means: schema.format } : { kind: 'string' }
      case 'array':
        return { kind: 'list', of: this.itemShape(place, name) }
      case 'object':
        return this.objectOrMap(place, name)
      default:
        return UNKNOWN
    }
  }

  private objectOrMap(place: JsonPlace, name: string): Shape {
    const fields = this.fieldsOf(place)
    if (fields) return this.object(place, name, fields)
    const { additionalProperties: others } = place.schema as JsonObject
    if (!isObject(others)) return { kind: 'map', of: UNKNOWN }
    return { kind: 'map', of: this.shape(place.at('additionalProperties'), `${name}Value`) }
  }

  private itemShape(place: JsonPlace, name: string): Shape {
    const { items, prefixItems, additionalItems } = place.schema as JsonObject
    const [first, word] = Array.isArray(prefixItems) ? [prefixItems, 'prefixItems'] : [items, 'items']
    const itemAt = (at: JsonPlace, index: number | string): Shape => this.shape(at, `${name}Item${index}`)
    if (!Array.isArray(first)) return isObject(items) ? itemAt(place.at('items'), '') : UNKNOWN
    const [rest, restWord] = word === 'items' ? [additionalItems, 'additionalItems'] : [items, 'items']
    const more = rest === false ? [] : [isObject(rest) ? itemAt(place.at(restWord), '') : UNKNOWN]
    return choiceOf([...first.map((_, index) => itemAt(place.at(word, index), index + 1)), ...more])
  }

  /** What is referred to has the name that it is referred to by. */
  private reference(place: JsonPlace, name: string): Shape {
    const followed = this.followed(place)
    if (!followed) return UNKNOWN
    return this.shape(followed, capitalized(nameOf(titleOf(followed) ?? followed.lastName) ?? name))
  }

  private object(place: JsonPlace, wanted: string, fields: Fields): Shape {
    const known = this.names.get(place.schema as object)
    if (known !== undefined) return { kind: 'named', name: known }
    let name = wanted
    for (let number = 2; this.named.has(name); number += 1) name = `${wanted}${number}`
    const found: FieldShape[] = []
    this.names.set(place.schema as object, name)
    this.named.set(name, { kind: 'record', doc: docOf(place), fields: found })
    for (const [field, { at, isRequired }] of fields) {
      const shape = this.shape(at, `${name}${capitalized(nameOf(field) ?? 'Field')}`)
      found.push({ name: field, doc: docOf(at), shape, isOptional: !isRequired })
    }
    return { kind: 'named', name }
  }

  /** The fields that an object has been given a schema of; undefined where it is none, or has none. */
  private fieldsOf(place: JsonPlace): Fields | undefined {
    const followed = this.followed(place)
    if (!followed || typeof followed.schema === 'boolean') return undefined
    const { schema } = followed
    if (schema.type !== undefined && ![schema.type].flat().includes('object')) return undefined
    if (!this.fields.has(schema)) {
      this.fields.set(schema, NO_FIELDS)
      this.fields.set(schema, this.gathered(followed, schema))
    }
    const fields = this.fields.get(schema)
    return fields && fields.size > 0 ? fields : undefined
  }

  private gathered(place: JsonPlace, { properties }: JsonObject): Fields {
    const fields = new Map<string, Field>()
    const add = (name: string, at: JsonPlace, isRequired: boolean): void => {
      fields.set(name, { at, isRequired: isRequired || (fields.get(name)?.isRequired ?? false) })
    }
    const parts = this.partsOf(place)
    for (const part of parts) {
      for (const [name, { at, isRequired }] of this.fieldsOf(part) ?? NO_FIELDS) add(name, at, isRequired)
    }
    const own = isObject(properties) ? Object.keys(properties) : []
    for (const name of own) add(name, place.at('properties', name), false)
    const demanded = [place, ...parts].flatMap((one) => requiredIn(one))
    for (const name of demanded) {
      const field = fields.get(name)
      if (field) add(name, field.at, true)
    }
    return fields
  }

  /** What must hold together with an object's own fields. */
  private partsOf(place: JsonPlace): JsonPlace[] {
    const { $ref, allOf } = place.schema as JsonObject
    const base = typeof $ref === 'string' ? this.places.find(place, $ref) : undefined
    const all = Array.isArray(allOf) ? allOf.map((_, index) => place.at('allOf', index)) : []
    return base ? [base, ...all] : all
  }

  private followed(place: JsonPlace): JsonPlace | undefined {
    let at: JsonPlace | undefined = place
    for (let level = 0; level < MAX_REFERENCES; level += 1) {
      if (!at || typeof at.schema === 'boolean' || typeof at.schema.$ref !== 'string' || addsFields(at)) return at
      at = this.places.find(at, at.schema.$ref)
    }
    return undefined
  }
}

type JsonObject = Exclude<JsonPlace['schema'], boolean>
interface Field {
  readonly at: JsonPlace
  readonly isRequired: boolean
}
type Fields = ReadonlyMap<string, Field>
const NO_FIELDS: Fields = new Map()

const UNKNOWN: Shape = { kind: 'unknown' }

function choiceOf(branches: readonly Shape[]): Shape {
  const distinct = [...new Map(branches.map((one) => [JSON.stringify(one), one])).values()]
  if (distinct.length === 0 || distinct.some(({ kind }) => kind === 'unknown')) return UNKNOWN
  return distinct.length === 1 ? distinct[0] : { kind: 'choice', branches: distinct }
}

/** The only values of a schema; undefined where it takes others. */
function literalsIn(place: JsonPlace): readonly unknown[] | undefined {
  const { schema } = place
  if (typeof schema === 'boolean' || isOnlyReference(place)) return undefined
  const literals = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
  return Array.isArray(literals) ? literals : undefined
}

function literalsOf(values: readonly unknown[]): Shape {
  const isLiteral = (value: unknown): value is Literal =>
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return values.length > 0 && values.every(isLiteral) ? { kind: 'literals', of: values } : UNKNOWN
}

function isSmall({ minimum, maximum }: { readonly minimum?: unknown; readonly maximum?: unknown }): boolean {
  return typeof minimum === 'number' && typeof maximum === 'number' && minimum >= -LARGEST && maximum <= LARGEST
}

function requiredIn(place: JsonPlace): readonly string[] {
  const { schema } = place
  if (typeof schema === 'boolean' || isOnlyReference(place)) return []
  return Array.isArray(schema.required) ? (schema.required as string[]) : []
}

/** Whether a part of a schema is a reference whose neighbours its draft ignores. */
function isOnlyReference({ schema, document }: JsonPlace): boolean {
  return typeof schema === 'object' && schema.$ref !== undefined && ignoresBesideRef(document)
}

/** Whether a part of a schema is a reference with fields beside it, which its draft applies too. */
function addsFields(place: JsonPlace): boolean {
  const { schema } = place
  if (typeof schema === 'boolean' || schema.$ref === undefined || isOnlyReference(place)) return false
  return ['properties', 'required', 'allOf'].some((word) => word in schema)
}

/** Types that a shape comes to where it is written out. */
function sizeOf(shape: Shape): number {
  if (shape.kind === 'list' || shape.kind === 'map') return 1 + sizeOf(shape.of)
  return shape.kind === 'choice' ? shape.branches.reduce((sum, branch) => sum + sizeOf(branch), 1) : 1
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function titleOf({ schema }: JsonPlace): string | undefined {
  return typeof schema === 'object' && typeof schema.title === 'string' ? schema.title : undefined
}

function docOf({ schema }: JsonPlace): string | undefined {
  return typeof schema === 'object' && typeof schema.description === 'string' ? schema.description : undefined
}

/** Text as the name of a type: itself where it is one, else `order-placed v2` → `OrderPlacedV2`. Undefined where nothing is left. */
function nameOf(text: string | undefined): string | undefined {
  const words = (text === undefined ? '' : typeNamed(text)).match(/[A-Za-z0-9_]+/g) ?? []
  const name = words.length === 1 ? words[0] : words.map(capitalized).join('')
  if (name === '') return undefined
  return /^[0-9]/.test(name) ? `_${name}` : name
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
