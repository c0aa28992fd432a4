import type * as ts from 'typescript'
import { compiler } from '../../../inspect'

/**
 * The members of a union in the order in which they are written. The compiler has them in the order in which it met them anywhere in the program, so a change elsewhere would
 * change a schema. What is not found in the text comes last, null after the others.
 */
export function inWrittenOrder(types: readonly ts.Type[], written: ts.Node | undefined): readonly ts.Type[] {
  const text = written?.getText() ?? ''
  const places = types.map((type, index) => ({ type, index, place: placeOf(type, text) }))
  return places.sort((one, other) => one.place - other.place || one.index - other.index).map(({ type }) => type)
}

function placeOf(type: ts.Type, text: string): number {
  const places = namesOf(type).map((name) => text.indexOf(name))
  const found = Math.min(...places.filter((place) => place >= 0))
  if (found !== Infinity) return found
  return text.length + (type.flags & compiler.TypeFlags.Null ? 1 : 0)
}

function namesOf(type: ts.Type): readonly string[] {
  if (type.isStringLiteral()) return [`'${type.value}'`, `"${type.value}"`]
  if (type.isNumberLiteral()) return [String(type.value)]
  const { intrinsicName } = type as { readonly intrinsicName?: string }
  return [type.aliasSymbol?.name, type.symbol?.name, intrinsicName].flatMap((name) => name ?? [])
}

/** Where a type's own text is: that of its alias. */
export function aliasOf(type: ts.Type): ts.Node | undefined {
  return type.aliasSymbol?.declarations?.[0]
}

/** The type that a field is declared with. */
export function writtenType({ valueDeclaration }: ts.Symbol): ts.Node | undefined {
  return (valueDeclaration as Partial<ts.PropertyDeclaration> | undefined)?.type
}
