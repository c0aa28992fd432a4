import { Type } from 'avsc'
import type { types } from 'avsc'
import { DecimalType } from './decimal'
import { TextType } from './logical'
import { NamedUnionType } from './unions'

/**
 * What a value of a schema is in JavaScript, as the codec gives and takes it: for whoever writes types of it.
 * @internal
 */
export type Shape =
  | { readonly kind: 'null' | 'boolean' | 'number' | 'bytes' }
  /** A whole number, as a `number` where it is safe and else as a `bigint`. */
  | { readonly kind: 'long' }
  /** Text; of a logical type with what it says, as `decimal(9,2)` or `timestamp-millis`. */
  | { readonly kind: 'string'; readonly means?: string }
  | { readonly kind: 'list' | 'map'; readonly of: Shape }
  /** A record or an enum, to be looked up under its full name. */
  | { readonly kind: 'named'; readonly name: string }
  /** One of several; `names`: each is an object with its one member called so, null excepted. */
  | { readonly kind: 'choice'; readonly branches: readonly Shape[]; readonly names?: readonly string[] }

/**
 * One field of a record.
 * @internal
 */
export interface FieldShape {
  readonly name: string
  readonly doc?: string
  readonly shape: Shape
}

/**
 * What a name stands for. Names are Avro's: letters, digits and underscores, with points between; docs are anybody's.
 * @internal
 */
export type NamedShape = { readonly doc?: string } & (
  | { readonly kind: 'record'; readonly fields: readonly FieldShape[] }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
)

/**
 * A schema as shapes.
 * @internal
 */
export interface SchemaShape {
  /** What a body holds: more than one for a union. */
  readonly roots: readonly Shape[]
  /** By full name, in the order in which they appear. */
  readonly named: ReadonlyMap<string, NamedShape>
}

/** The shapes of a schema's values. */
export function shapeOf(roots: readonly Type[]): SchemaShape {
  const named = new Map<string, NamedShape>()
  return { roots: roots.map((type) => shape(type, named)), named }
}

const PRIMITIVES: Readonly<Record<string, Shape>> = {
  null: { kind: 'null' },
  boolean: { kind: 'boolean' },
  int: { kind: 'number' },
  long: { kind: 'long' },
  float: { kind: 'number' },
  double: { kind: 'number' },
  string: { kind: 'string' },
  bytes: { kind: 'bytes' },
  fixed: { kind: 'bytes' },
}

function shape(type: Type, named: Map<string, NamedShape>): Shape {
  if (type instanceof TextType) return { kind: 'string', means: meaningOf(type) }
  if (Type.isType(type, 'array')) return { kind: 'list', of: shape((type as types.ArrayType).itemsType, named) }
  if (Type.isType(type, 'map')) return { kind: 'map', of: shape((type as types.MapType).valuesType as Type, named) }
  if (Type.isType(type, 'union')) return choice(type as types.UnwrappedUnionType, named)
  if (Type.isType(type, 'record', 'error', 'enum')) return reference(type, named)
  return PRIMITIVES[type.typeName]
}

function meaningOf(type: TextType): string {
  return type instanceof DecimalType ? `decimal(${type.precision},${type.scale})` : type.logicalType
}

function choice(union: types.UnwrappedUnionType, named: Map<string, NamedShape>): Shape {
  const branches = union.types.map((branch) => shape(branch, named))
  if (!(union instanceof NamedUnionType)) return { kind: 'choice', branches }
  return { kind: 'choice', branches, names: union.types.map(({ branchName }) => String(branchName)) }
}

function reference(type: Type, named: Map<string, NamedShape>): Shape {
  const name = String(type.name)
  if (named.has(name)) return { kind: 'named', name }
  if (Type.isType(type, 'enum')) {
    named.set(name, { kind: 'enum', doc: type.doc, symbols: (type as types.EnumType).symbols })
  } else {
    const fields: FieldShape[] = []
    named.set(name, { kind: 'record', doc: type.doc, fields })
    for (const field of (type as types.RecordType).fields) {
      fields.push({ name: field.name, doc: (field as { doc?: string }).doc, shape: shape(field.type, named) })
    }
  }
  return { kind: 'named', name }
}
