import { existsSync, readFileSync } from 'node:fs'
import {
  AnnotatedType,
  AnyType,
  ArrayType,
  InterfaceAndClassNodeParser,
  NeverType,
  ObjectProperty,
  ObjectType,
  StringType,
  UnknownType,
  derefType,
} from 'ts-json-schema-generator'
import type { BaseType, Context, ReferenceType } from 'ts-json-schema-generator'
import type * as TypeScript from 'typescript'
import type { FieldSchema } from '../../event-schema'
import { compiler } from '../../../inspect'

const ts = compiler

type Declaration = TypeScript.InterfaceDeclaration | TypeScript.ClassDeclaration
type Field = TypeScript.ParameterPropertyDeclaration | TypeScript.PropertyDeclaration | TypeScript.PropertySignature

/** What JSON has an empty object for. */
const COLLECTIONS = new Set(['Map', 'Set', 'ReadonlyMap', 'ReadonlySet', 'WeakMap', 'WeakSet'])

/**
 * Classes and interfaces as their objects travel: with fields that only the compiler calls private, without `#private` ones; what has a `toJSON` as what that
 * returns; a class derived from `String` (as Booster's `UUID` is) as text. A field that a class fills in by itself may be missing. What a class says again of an inherited
 * field counts.
 */
export class ClassParser extends InterfaceAndClassNodeParser {
  public override createType(given: never, context: Context, reference?: ReferenceType): BaseType {
    const node = given as Declaration
    return this.otherForm(node, context) ?? this.objectType(node, context, reference)
  }

  private get checker(): TypeScript.TypeChecker {
    return this.typeChecker as unknown as TypeScript.TypeChecker
  }

  private otherForm(node: Declaration, context: Context): BaseType | undefined {
    const type = this.checker.getTypeAtLocation(node)
    const names = namesOf(type, this.checker)
    if (names.includes('UUID')) return new AnnotatedType(new StringType(), { format: 'uuid' }, false)
    if (names.includes('String')) return new StringType()
    if (names.includes('Date')) return new AnnotatedType(new StringType(), { format: 'date-time' }, false)
    if (names.includes('Uint8Array')) return new AnnotatedType(new StringType(), { format: 'byte' }, false)
    if (COLLECTIONS.has(type.symbol?.name) && isOfLibrary(node))
      return new ObjectType(this.idOf(node, context), [], [], true)
    const item = this.getArrayItemType(node as never) as TypeScript.TypeNode | null
    if (item) return new ArrayType(this.parse(item, context))
    const json = this.jsonForm(type, node)
    return json && this.parse(json, context)
  }

  /** What its `toJSON` returns. */
  private jsonForm(type: TypeScript.Type, node: Declaration): TypeScript.TypeNode | undefined {
    const method = type.getProperty('toJSON')
    const [signature] = method ? this.checker.getTypeOfSymbolAtLocation(method, node).getCallSignatures() : []
    if (!signature) return undefined
    const { declaration } = signature
    const said = declaration && !ts.isJSDocSignature(declaration) ? declaration.type : undefined
    return said ?? this.nodeOf(signature.getReturnType(), node)
  }

  private objectType(node: Declaration, context: Context, reference?: ReferenceType): BaseType {
    this.takeParameters(node, context)
    const id = this.idOf(node, context)
    reference?.setId(id)
    reference?.setName(id)
    const properties = this.fieldsOf(node, context)
    if (!properties) return new NeverType()
    const bases = this.basesOf(node, context)
    const inherited = bases.filter((base): base is ObjectType => base instanceof ObjectType)
    const byName = new Map(
      [...inherited.flatMap((base) => base.getProperties()), ...properties].map((one) => [one.getName(), one])
    )
    const others = bases.filter((base) => !(base instanceof ObjectType))
    const additional = this.getAdditionalProperties(node as never, context)
    return new ObjectType(id, others, [...byName.values()], additional)
  }

  private takeParameters(
    { typeParameters = [] as unknown as Declaration['typeParameters'] }: Declaration,
    context: Context
  ): void {
    for (const parameter of typeParameters ?? []) {
      const { text } = parameter.name
      context.pushParameter(text)
      if (parameter.default) context.setDefault(text, this.parse(parameter.default, context))
    }
  }

  private basesOf(node: Declaration, context: Context): BaseType[] {
    const clauses = node.heritageClauses?.filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) ?? []
    return clauses.flatMap(({ types }) => types.map((base) => derefType(this.parse(base, context))))
  }

  /** Undefined where there can be no object, because a field can have no value. */
  private fieldsOf(node: Declaration, context: Context): ObjectProperty[] | undefined {
    const found: ObjectProperty[] = []
    const mayBeMissing = builtOptional(node)
    for (const field of declaredFields(node)) {
      const name = nameOf(field.name)
      const typeNode = this.typeNodeOf(field, node)
      if (name === undefined || !typeNode || ts.isFunctionTypeNode(typeNode)) continue
      const type = this.parse(typeNode, context)
      const isAlways = field.questionToken === undefined && !hasDefault(field) && !isAnything(type)
      const isRequired = isAlways && !mayBeMissing(name)
      if (!(type instanceof NeverType)) found.push(new ObjectProperty(name, type, isRequired))
      else if (isRequired) return undefined
    }
    return found
  }

  private typeNodeOf(field: Field, node: Declaration): TypeScript.TypeNode | undefined {
    if (field.type || !hasDefault(field)) return field.type
    return this.nodeOf(this.checker.getTypeAtLocation(field), node)
  }

  private nodeOf(type: TypeScript.Type, within: TypeScript.Node): TypeScript.TypeNode | undefined {
    return this.checker.typeToTypeNode(type, within, ts.NodeBuilderFlags.NoTruncation)
  }

  private idOf(node: Declaration, context: Context): string {
    return this.getTypeId(node as never, context)
  }

  private parse(node: TypeScript.Node, context: Context): BaseType {
    return this.childNodeParser.createType(node as never, context)
  }
}

/**
 * Which fields of a class a package fills in by itself: its declarations do not say so, but the schema beside them does, where the package was built with one.
 */
function builtOptional(node: Declaration): (field: string) => boolean {
  const { fileName, isDeclarationFile } = node.getSourceFile()
  const file = `${fileName.replace(/\.d\.[cm]?ts$/, '')}.${node.name?.text}.schema.json`
  if (!isDeclarationFile || !ts.isClassDeclaration(node) || !existsSync(file)) return () => false
  const { required = [], properties = {} } = JSON.parse(readFileSync(file, 'utf8')) as FieldSchema
  return (field) => Object.hasOwn(properties, field) && !required.includes(field)
}

/** Those of a type and of what it is derived from. */
function namesOf(type: TypeScript.Type, checker: TypeScript.TypeChecker): string[] {
  const bases = type.isClassOrInterface() ? checker.getBaseTypes(type) : []
  return [...(type.symbol ? [type.symbol.name] : []), ...bases.flatMap((base) => namesOf(targetOf(base), checker))]
}

/** Of `Array<string>` the declared `Array<T>`. */
function targetOf(type: TypeScript.Type): TypeScript.Type {
  return (type as Partial<TypeScript.TypeReference>).target ?? type
}

function isOfLibrary(node: TypeScript.Node): boolean {
  return /[\\/]typescript[\\/]lib[\\/]lib\./.test(node.getSourceFile().fileName)
}

function declaredFields({ members }: Declaration): Field[] {
  const fields: Field[] = []
  for (const member of members) {
    if (ts.isConstructorDeclaration(member)) fields.push(...member.parameters.filter(isField))
    else if (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) fields.push(member)
  }
  return fields.filter((field) => (ts.getCombinedModifierFlags(field) & ts.ModifierFlags.Static) === 0)
}

function isField(parameter: TypeScript.ParameterDeclaration): parameter is TypeScript.ParameterPropertyDeclaration {
  return ts.isParameterPropertyDeclaration(parameter, parameter.parent)
}

function hasDefault(field: Field): boolean {
  return 'initializer' in field && field.initializer !== undefined
}

/** What may be undefined, which JSON leaves out. */
function isAnything(type: BaseType): boolean {
  const itself = derefType(type)
  return itself instanceof AnyType || itself instanceof UnknownType
}

/** Undefined for a name that an object is not known to have, as `#secret`. */
function nameOf(name: TypeScript.Node): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text
  if (ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression)) return name.expression.text
  return undefined
}
