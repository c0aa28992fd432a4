import { AnnotatedType, ArrayType, OptionalType, RestType, TupleType, UnionType } from 'ts-json-schema-generator'
import type { BaseType } from 'ts-json-schema-generator'
import type * as ts from 'typescript'
import { compiler } from '../../../inspect'
import { readValues } from './fields'
import type { Reading } from './reading'

/** A list, or a tuple; undefined for a type that is neither. */
export function listOf(type: ts.Type, reading: Reading): BaseType | undefined {
  const { checker } = reading
  if (checker.isTupleType(type)) return tupleOf(type as ts.TupleTypeReference, reading)
  if (!checker.isArrayType(type) && !isDerivedFromList(type)) return undefined
  const item = checker.getIndexTypeOfType(type, compiler.IndexKind.Number)
  return item && new ArrayType(reading.read(item))
}

/**
 * JSON Schema has no words for members behind a rest, as in `[...string[], Date]`: there, each member may stand anywhere, and only how many are needed is said.
 */
function tupleOf(type: ts.TupleTypeReference, reading: Reading): BaseType {
  const { elementFlags } = type.target
  const members = reading.checker.getTypeArguments(type).map((member, index) => {
    const flags = elementFlags[index]
    if (flags & compiler.ElementFlags.Variadic) return new RestType(reading.read(member) as ArrayType)
    if (flags & compiler.ElementFlags.Rest) return new RestType(new ArrayType(reading.read(member)))
    return flags & compiler.ElementFlags.Optional ? new OptionalType(readValues(member, reading)) : reading.read(member)
  })
  const rest = members.findIndex((one) => one instanceof RestType)
  if (rest < 0 || rest === members.length - 1) return new TupleType(members)
  const minItems = members.filter((one) => !(one instanceof RestType || one instanceof OptionalType)).length
  return new AnnotatedType(new ArrayType(new UnionType(members.map(itemOf)).normalize()), { minItems }, false)
}

function itemOf(member: BaseType): BaseType {
  if (member instanceof OptionalType) return member.getType()
  if (!(member instanceof RestType)) return member
  const list = member.getType()
  return list instanceof ArrayType ? list.getItem() : list
}

/** Whether a class or an interface extends `Array`. */
function isDerivedFromList(type: ts.Type): boolean {
  const bases = type.getBaseTypes() ?? (type as Partial<ts.TypeReference>).target?.getBaseTypes() ?? []
  return bases.some((base) => ['Array', 'ReadonlyArray'].includes(base.symbol?.name) || isDerivedFromList(base))
}
