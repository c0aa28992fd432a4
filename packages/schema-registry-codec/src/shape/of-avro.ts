import { Type } from 'avsc'
import type { types } from 'avsc'
import { DecimalType } from '../avro/types/decimal'
import { TextType } from '../avro/types/logical'
import { NamedUnionType } from '../avro/types/unions'
import type { FieldShape, NamedShape, SchemaShape, Shape } from './shape'

/** The shapes of the values of an Avro schema. */
export function shapeOfAvro(roots: readonly Type[]): SchemaShape {
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
