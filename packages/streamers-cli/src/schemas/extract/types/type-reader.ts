import {
  AliasType,
  AnnotatedType,
  AnyType,
  BooleanType,
  EnumType,
  LiteralType,
  NeverType,
  NullType,
  NumberType,
  ObjectType,
  ReferenceType,
  StringType,
  UndefinedType,
  UnionType,
  UnknownType,
} from 'ts-json-schema-generator'
import type { BaseType } from 'ts-json-schema-generator'
import type * as ts from 'typescript'
import { compiler } from '../../../inspect'
import { fieldsOf, isHidden, othersOf } from './fields'
import { BIGINT, anythingThere, isOpaque, isScalar, knownForm } from './known-forms'
import { listOf } from './lists'
import type { Reading } from './reading'
import { templatePattern } from './template-pattern'
import { aliasOf, inWrittenOrder } from './written-order'

/** Types within types, beyond which nothing more is said: some go on for ever, as `Grow<T> = { more?: Grow<T[]> }`. */
const MAX_DEPTH = 40

const FLAGS = compiler.TypeFlags

const SIMPLE: ReadonlyArray<readonly [flags: ts.TypeFlags, made: () => BaseType]> = [
  [FLAGS.Any, () => new AnyType()],
  [FLAGS.Unknown, () => new UnknownType(false)],
  [FLAGS.Never, () => new NeverType()],
  [FLAGS.Null, () => new NullType()],
  [FLAGS.Undefined | FLAGS.Void, () => new UndefinedType()],
  [FLAGS.Boolean, () => new BooleanType()],
  [FLAGS.BigIntLike, () => BIGINT],
  [FLAGS.String | FLAGS.StringMapping, () => new StringType()],
  // A member of an enum that is worked out when the program runs is one too.
  [FLAGS.NumberLike, () => new NumberType()],
]

/** A class's type as JSON Schema has it, by what the compiler makes of it: generics, mapped and conditional types are worked out by then. */
export class TypeReader implements Reading {
  /** Types that are being read: one that contains itself refers to itself. */
  private readonly open = new Map<ts.Type, ReferenceType>()
  private readonly names = new Map<ts.Type, string>()
  private depth = 0

  public constructor(
    public readonly checker: ts.TypeChecker,
    public readonly at: ts.Node
  ) {}

  public read(type: ts.Type, written?: ts.Node): BaseType {
    return this.simple(type) ?? this.composed(type, written)
  }

  public readUnion(types: readonly ts.Type[], written?: ts.Node): BaseType {
    const ordered = inWrittenOrder(types, written)
    const literals = ordered.filter(isLiteral)
    const others = ordered.filter((one) => !isLiteral(one) && !isHidden(one)).map((one) => this.read(one))
    return new UnionType([...this.literals(literals), ...others]).normalize()
  }

  public nameOf(type: ts.Type): string {
    const known = this.names.get(type)
    if (known !== undefined) return known
    const taken = new Set(this.names.values())
    const base = (type.aliasSymbol ?? type.symbol)?.name.replace(/^__type$/, 'object') ?? 'object'
    let name = base
    for (let next = 2; taken.has(name); next += 1) name = `${base}${next}`
    this.names.set(type, name)
    return name
  }

  /** Types without parts. */
  private simple(type: ts.Type): BaseType | undefined {
    if (isLiteral(type)) return new LiteralType(literalOf(type))
    if (type.flags & FLAGS.TemplateLiteral) {
      return new AnnotatedType(new StringType(), { pattern: templatePattern(type as ts.TemplateLiteralType) }, false)
    }
    const [, made] = SIMPLE.find(([flags]) => type.flags & flags) ?? []
    return made?.()
  }

  private composed(type: ts.Type, written?: ts.Node): BaseType {
    const open = this.open.get(type)
    if (open) return open
    if (this.depth > MAX_DEPTH) return new AnyType()
    this.depth += 1
    try {
      return this.isNamed(type) ? this.named(type, written) : this.made(type, written)
    } finally {
      this.depth -= 1
      this.open.delete(type)
    }
  }

  /** What has a name can contain itself, and a list or a choice of others cannot. */
  private isNamed(type: ts.Type): boolean {
    if (type.aliasSymbol) return true
    return !(type.isUnion() || this.isList(type))
  }

  private isList(type: ts.Type): boolean {
    return this.checker.isArrayType(type) || this.checker.isTupleType(type)
  }

  private named(type: ts.Type, written?: ts.Node): BaseType {
    const name = this.nameOf(type)
    const reference = new ReferenceType()
    reference.setId(name)
    reference.setName(name)
    this.open.set(type, reference)
    const made = this.made(type, aliasOf(type) ?? written)
    reference.setType(made instanceof ObjectType ? made : new AliasType(name, made))
    return made
  }

  private made(type: ts.Type, written?: ts.Node): BaseType {
    if (type.isUnion()) return this.readUnion(type.types, written)
    if (type.isIntersection()) {
      const whole = type.types.find((one) => isScalar(one, this.checker) || this.isList(one))
      return whole ? this.read(whole) : this.object(type)
    }
    if (type.flags & FLAGS.NonPrimitive) return this.opaque(type)
    if (type.flags & FLAGS.Object) return listOf(type, this) ?? knownForm(type, this) ?? this.object(type)
    // A type parameter, or what depends on one.
    const constraint = this.checker.getBaseConstraintOfType(type)
    return constraint && constraint !== type ? this.read(constraint) : new AnyType()
  }

  private object(type: ts.Type): BaseType {
    if (isOpaque(type)) return this.opaque(type)
    const fields = fieldsOf(type, this)
    if (!fields) return new NeverType()
    const others = othersOf(type, this)
    if (fields.length === 0 && others === true && isEmptyLiteral(type)) return anythingThere(this.nameOf(type))
    return new ObjectType(this.nameOf(type), [], fields, others)
  }

  private opaque(type: ts.Type): BaseType {
    return new ObjectType(this.nameOf(type), [], [], true)
  }

  private literals(types: readonly ts.Type[]): BaseType[] {
    const values = types.map(literalOf)
    const isEither = values.includes(true) && values.includes(false)
    const rest = isEither ? values.filter((one) => typeof one !== 'boolean') : values
    const one = rest.length > 1 ? [new EnumType(rest.join('|'), rest)] : rest.map((value) => new LiteralType(value))
    return isEither ? [...one, new BooleanType()] : one
  }
}

function isLiteral(type: ts.Type): boolean {
  return type.isStringLiteral() || type.isNumberLiteral() || (type.flags & FLAGS.BooleanLiteral) !== 0
}

function literalOf(type: ts.Type): string | number | boolean {
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value
  return (type as ts.Type & { readonly intrinsicName: string }).intrinsicName === 'true'
}

/** `{}`, which is not the type of an empty class. */
function isEmptyLiteral(type: ts.Type): boolean {
  return !type.isClassOrInterface() && !type.isIntersection() && type.getProperties().length === 0
}
