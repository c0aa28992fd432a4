import {
  AnnotatedType,
  AnyType,
  ArrayType,
  BooleanType,
  NumberType,
  ObjectType,
  StringType,
  UnionType,
} from 'ts-json-schema-generator'
import type { BaseType } from 'ts-json-schema-generator'
import type * as ts from 'typescript'
import { compiler } from '../../../inspect'
import type { Reading } from './reading'

/** A whole number of any size, which JSON writes like any other. */
export const BIGINT: BaseType = new AnnotatedType(new NumberType(), { type: 'integer', format: 'int64' }, false)

/** Classes and interfaces whose objects travel as something else, in the order in which they are looked for among those that a type is derived from. */
const BY_NAME: ReadonlyArray<readonly [name: string, form: BaseType]> = [
  ['UUID', formatted('uuid')],
  ['String', new StringType()],
  ['Number', new NumberType()],
  ['Boolean', new BooleanType()],
  ['Date', formatted('date-time')],
  ['Uint8Array', formatted('byte')],
]

/** A type that travels as a text, a number or what its `toJSON` returns; undefined for any other. */
export function knownForm(type: ts.Type, reading: Reading): BaseType | undefined {
  const names = namesOf(type, reading.checker)
  const [, known] = BY_NAME.find(([name]) => names.includes(name)) ?? []
  return known ?? jsonForm(type, reading)
}

/** Whether values of a type are told from other texts and numbers by their format, or have no parts: a brand beside them changes nothing. */
export function isScalar(type: ts.Type, checker: ts.TypeChecker): boolean {
  const plain = compiler.TypeFlags.StringLike | compiler.TypeFlags.NumberLike | compiler.TypeFlags.BigIntLike
  if (type.flags & (plain | compiler.TypeFlags.BooleanLike)) return true
  const names = namesOf(type, checker)
  return BY_NAME.some(([name]) => names.includes(name))
}

/** What an object of the language itself comes to as JSON, like a `Map` or a `RegExp`: an object of which nothing is known. */
export function isOpaque(type: ts.Type): boolean {
  const { valueDeclaration, declarations = [] } = type.symbol ?? {}
  const isOfLibrary = declarations.some((one) => /[\\/]typescript[\\/]lib[\\/]lib\./.test(one.getSourceFile().fileName))
  return isOfLibrary && (valueDeclaration !== undefined || /^Readonly(Map|Set)$/.test(type.symbol.name))
}

/** `{}`: whatever is there. */
export function anythingThere(name: string): BaseType {
  const object = new ObjectType(name, [], [], true)
  return new UnionType([new StringType(), new NumberType(), new BooleanType(), object, new ArrayType(new AnyType())])
}

/** What its `toJSON` returns. */
function jsonForm(type: ts.Type, reading: Reading): BaseType | undefined {
  const { checker, at } = reading
  const method = type.getProperty('toJSON')
  const [signature] = method ? checker.getTypeOfSymbolAtLocation(method, at).getCallSignatures() : []
  const returned = signature && checker.getReturnTypeOfSignature(signature)
  return returned && returned !== type ? reading.read(returned) : undefined
}

function formatted(format: string): BaseType {
  return new AnnotatedType(new StringType(), { format }, false)
}

/** Those of a type and of what it is derived from. */
function namesOf(type: ts.Type, checker: ts.TypeChecker): string[] {
  const declared = (type as Partial<ts.TypeReference>).target ?? type
  const bases = declared.isClassOrInterface() ? checker.getBaseTypes(declared) : []
  return [...(type.symbol ? [type.symbol.name] : []), ...bases.flatMap((base) => namesOf(base, checker))]
}
