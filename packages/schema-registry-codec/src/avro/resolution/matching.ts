import { Type } from 'avsc'
import type { types } from 'avsc'
import { TextType } from '../types/logical'

/** Types that a writer's type may be read as beside its own: Avro 1.12, "Schema Resolution". */
const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
}

/**
 * Whether values of a writer's type may be read as a reader's type, as far as their schemas say: Avro 1.12, "Schema Resolution". The fields of
 * records and the branches of unions are not compared: each value is, when it is read.
 */
export function matches(writer: Type, reader: Type): boolean {
  if (Type.isType(writer, 'union') || Type.isType(reader, 'union')) return true
  if (reader instanceof TextType) return matchesText(writer, reader)
  if (writer instanceof TextType) return matches(writer.underlyingType, reader)
  if (kindOf(writer) !== kindOf(reader)) return (PROMOTIONS[writer.typeName] ?? []).includes(reader.typeName)
  return matchesKind(writer, reader)
}

/** Whether a reader's named type is called as the writer's is, in the last part of its name or of an alias. */
export function hasNameOf(reader: Type, { name }: Type): boolean {
  if (name === undefined || reader.name === undefined) return false
  return [reader.name, ...(reader.aliases ?? [])].some((one) => lastPart(one) === lastPart(name))
}

/** The first of a reader's types that a writer's type matches; of several that are called alike, the one with the same full name. */
export function firstMatch(writer: Type, readers: readonly Type[]): Type | undefined {
  const found = readers.filter((reader) => matches(writer, reader))
  return found.find(({ name }) => name !== undefined && name === writer.name) ?? found[0]
}

/** What stands behind the last point of a name. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** Of two types of a kind. */
function matchesKind(writer: Type, reader: Type): boolean {
  if (Type.isType(writer, 'array')) return matches(itemsOf(writer), itemsOf(reader))
  if (Type.isType(writer, 'map')) return matches(valuesOf(writer), valuesOf(reader))
  if (Type.isType(writer, 'fixed') && sizeOf(writer) !== sizeOf(reader)) return false
  return writer.name === undefined || hasNameOf(reader, writer)
}

/** Another unit or scale is another number: no reading of the same one. */
function matchesText(writer: Type, reader: TextType): boolean {
  return writer instanceof TextType ? reader.isSame(writer) : matches(writer, reader.underlyingType)
}

/** `error` is a record that a protocol answers with. */
function kindOf({ typeName }: Type): string {
  return typeName === 'error' ? 'record' : typeName
}

function itemsOf(type: Type): Type {
  return (type as types.ArrayType).itemsType
}

function valuesOf(type: Type): Type {
  return (type as types.MapType).valuesType as Type
}

function sizeOf(type: Type): number {
  return (type as types.FixedType).size
}
