import {
  AnnotatedType,
  ArrayType,
  OptionalType,
  RestType,
  TupleNodeParser,
  TupleType,
  UnionType,
  derefType,
} from 'ts-json-schema-generator'
import type { BaseType, Context } from 'ts-json-schema-generator'
import type * as TypeScript from 'typescript'
import { compiler } from '../../../inspect'

/**
 * Tuples with what their members' names say: `[at: Date, n?: bigint]`. JSON Schema has no words for members behind a rest, as in `[...string[], Date]`: there, each member may stand
 * anywhere, and only how many are needed is said.
 */
export class TupleParser extends TupleNodeParser {
  public override createType(given: never, context: Context): BaseType {
    const { elements } = given as TypeScript.TupleTypeNode
    const members = new TupleType(elements.map((one) => this.member(one, context))).getTypes()
    const rest = members.findIndex((one) => one instanceof RestType)
    if (rest < 0 || rest === members.length - 1) return new TupleType([...members])
    const minItems = members.filter((one) => !(one instanceof RestType || one instanceof OptionalType)).length
    return new AnnotatedType(new ArrayType(new UnionType(members.map(itemOf))), { minItems }, false)
  }

  private member(node: TypeScript.TypeNode, context: Context): BaseType {
    if (!compiler.isNamedTupleMember(node)) return this.childNodeParser.createType(node as never, context)
    const type = this.childNodeParser.createType(node.type as never, context)
    if (node.dotDotDotToken) return new RestType(type as ArrayType)
    return node.questionToken ? new OptionalType(type) : type
  }
}

function itemOf(member: BaseType): BaseType {
  if (member instanceof OptionalType) return member.getType()
  if (!(member instanceof RestType)) return member
  const list = derefType(member.getType())
  return list instanceof ArrayType ? list.getItem() : list
}
