import {
  AliasType,
  AnnotatedType,
  DefinitionType,
  IntersectionNodeParser,
  NullType,
  ReferenceType,
  UndefinedType,
  UnionType,
} from 'ts-json-schema-generator'
import type { BaseType, Context } from 'ts-json-schema-generator'
import type * as TypeScript from 'typescript'
import { compiler } from '../../../inspect'

/**
 * Intersections as their values travel. A `Date`, a `bigint` and bytes stay what they are with a brand beside them, as a text and a number do; `T & {}`, which is what
 * `NonNullable<T>` stands for, is `T` without null.
 */
export class BrandParser extends IntersectionNodeParser {
  public override createType(given: never, context: Context): BaseType {
    const { types } = given as TypeScript.IntersectionTypeNode
    const all = types.map((node) => ({ node, type: this.childNodeParser.createType(node as never, context) }))
    const [scalar, another] = all.filter(({ type }) => branchesOf(type).some(isFormatted))
    if (scalar && !another) return withoutNothing(scalar.type)
    const [only, more] = all.filter(({ node }) => !isEmpty(node))
    return only && !more ? withoutNothing(only.type) : super.createType(given, context)
  }
}

function isEmpty(node: TypeScript.TypeNode): boolean {
  return compiler.isTypeLiteralNode(node) && node.members.length === 0
}

/** What is told from other texts and numbers by its format. */
function isFormatted(type: BaseType): boolean {
  return type instanceof AnnotatedType && type.getAnnotations().format !== undefined
}

function branchesOf(type: BaseType): BaseType[] {
  const itself = named(type)
  return itself instanceof UnionType ? itself.getTypes().flatMap(branchesOf) : [itself]
}

/** What stands under a name, with its format. */
function named(type: BaseType): BaseType {
  if (type instanceof DefinitionType || type instanceof AliasType) return named(type.getType())
  return type instanceof ReferenceType && type.hasType() ? named(type.getType()) : type
}

function withoutNothing(type: BaseType): BaseType {
  const all = branchesOf(type)
  const kept = all.filter((one) => !(one instanceof NullType || one instanceof UndefinedType))
  if (kept.length === all.length) return type
  return kept.length === 1 ? kept[0] : new UnionType(kept)
}
