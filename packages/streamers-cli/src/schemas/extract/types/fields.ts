import { existsSync, readFileSync } from 'node:fs'
import { AnyType, NeverType, ObjectProperty, UnionType, UnknownType, derefType } from 'ts-json-schema-generator'
import type { BaseType } from 'ts-json-schema-generator'
import type * as ts from 'typescript'
import type { FieldSchema } from '../../event-schema'
import { compiler } from '../../../inspect'
import type { Reading } from './reading'
import { aliasOf, writtenType } from './written-order'

/**
 * The fields of an object as they travel: without methods, `#private` fields and what a class works out. Undefined where there can be no object, because a field can have no
 * value.
 */
export function fieldsOf(type: ts.Type, reading: Reading): ObjectProperty[] | undefined {
  const found: ObjectProperty[] = []
  for (const symbol of travelling(type, reading.checker)) {
    const declared = reading.checker.getTypeOfSymbolAtLocation(symbol, reading.at)
    const values = valuesOf(declared)
    if (values.length > 0 && values.every(isHidden)) continue
    const read = readValues(declared, reading, writtenType(symbol))
    const mayBeMissing = mayBeUndefined(declared) || values.some(isHidden) || isOptional(symbol, type)
    const isRequired = !mayBeMissing && !isAnything(read)
    if (isRequired && read instanceof NeverType) return undefined
    found.push(new ObjectProperty(symbol.name, read, isRequired))
  }
  return found
}

/** What an object may hold beside its fields; true: anything. */
export function othersOf(type: ts.Type, reading: Reading): BaseType | true {
  const { checker } = reading
  const infos = checker.getIndexInfosOfType(type)
  // Names of a pattern say nothing of those that do not match it.
  const isOfAnyName = infos.some(({ keyType: { flags } }) => flags & (String | Number))
  const isSaid = isOfAnyName || (infos.length > 0 && checker.getPropertiesOfType(type).length === 0)
  const types = isSaid ? infos.map((info) => info.type).filter((one) => !valuesOf(one).every(isHidden)) : []
  const all = types.map((one) => readValues(one, reading))
  return all.length === 0 ? true : new UnionType(all).normalize()
}

const { String, Number } = compiler.TypeFlags

/** What is no data: functions, classes and symbols, which JSON leaves out. */
export function isHidden(type: ts.Type): boolean {
  if (type.flags & compiler.TypeFlags.ESSymbolLike || type.symbol?.name === 'Function') return true
  return type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0
}

/** What may stand in a field: JSON leaves `undefined` out. */
function valuesOf(type: ts.Type): readonly ts.Type[] {
  const all = type.isUnion() ? type.types : [type]
  return all.filter(({ flags }) => !(flags & (compiler.TypeFlags.Undefined | compiler.TypeFlags.Void)))
}

function mayBeUndefined(type: ts.Type): boolean {
  return type.isUnion() ? valuesOf(type).length < type.types.length : valuesOf(type).length === 0
}

/** A type without `undefined`; the type itself where nothing is left out of it: it may be one that contains itself. */
export function readValues(type: ts.Type, reading: Reading, written?: ts.Node): BaseType {
  const values = valuesOf(type).filter((one) => !isHidden(one))
  const isWhole = values.length === (type.isUnion() ? type.types.length : 1)
  return isWhole ? reading.read(type, written) : reading.readUnion(values, aliasOf(type) ?? written)
}

/** In the order in which they are written, those of the bases first. */
function travelling(type: ts.Type, checker: ts.TypeChecker): ts.Symbol[] {
  const declared = (type as Partial<ts.TypeReference>).target ?? type
  const bases = declared.isClassOrInterface() ? checker.getBaseTypes(declared) : []
  const first = new Set(bases.flatMap((base) => travelling(base, checker).map(({ name }) => name)))
  const all = checker.getPropertiesOfType(type).filter((symbol) => isData(symbol))
  const byName = new Map(all.map((symbol) => [symbol.name, symbol]))
  const inherited = [...first].flatMap((name) => byName.get(name) ?? [])
  return [...inherited, ...all.filter(({ name }) => !first.has(name))]
}

function isData({ escapedName, flags, declarations = [] }: ts.Symbol): boolean {
  // The compiler writes `#secret` and `[Symbol.iterator]` so.
  if (/^__[#@]/.test(escapedName as string) || flags & compiler.SymbolFlags.Method) return false
  const isWorkedOut = (flags & compiler.SymbolFlags.Accessor) !== 0
  return !(isWorkedOut && declarations.some(({ parent }) => compiler.isClassLike(parent)))
}

function isOptional(symbol: ts.Symbol, type: ts.Type): boolean {
  if (symbol.flags & compiler.SymbolFlags.Optional) return true
  if (isMadeRequired(type)) return false
  return (symbol.declarations ?? []).some((one) => hasDefault(one) || isBuiltOptional(one, symbol.name))
}

/** Of `Required<T>` every field is required, whatever the class fills in by itself. */
function isMadeRequired(type: ts.Type): boolean {
  const { declaration } = type as { readonly declaration?: ts.Node }
  if (!declaration || !compiler.isMappedTypeNode(declaration)) return false
  return declaration.questionToken?.kind === compiler.SyntaxKind.MinusToken
}

function hasDefault(declaration: ts.Declaration): boolean {
  const isField = compiler.isPropertyDeclaration(declaration) || compiler.isParameter(declaration)
  return isField && declaration.initializer !== undefined
}

/**
 * Which fields of a class a package fills in by itself: its declarations do not say so, but the schema beside them does, where the package was built with one.
 */
function isBuiltOptional(declaration: ts.Declaration, field: string): boolean {
  const { fileName, isDeclarationFile } = declaration.getSourceFile()
  const ofClass = compiler.isParameter(declaration) ? declaration.parent.parent : declaration.parent
  if (!isDeclarationFile || !compiler.isClassDeclaration(ofClass)) return false
  const file = `${fileName.replace(/\.d\.[cm]?ts$/, '')}.${ofClass.name?.text}.schema.json`
  if (!existsSync(file)) return false
  const { required = [], properties = {} } = JSON.parse(readFileSync(file, 'utf8')) as FieldSchema
  return Object.hasOwn(properties, field) && !required.includes(field)
}

/** What may be undefined, which JSON leaves out. */
function isAnything(type: BaseType): boolean {
  const itself = derefType(type)
  return itself instanceof AnyType || itself instanceof UnknownType
}
