import {
  MappedTypeNodeParser,
  ObjectProperty,
  ObjectType,
  TypeOperatorNodeParser,
  UnionType,
  derefType,
  getTypeKeys,
} from 'ts-json-schema-generator'
import type { BaseType, Context } from 'ts-json-schema-generator'
import type * as TypeScript from 'typescript'
import { compiler } from '../../../inspect'

/** Mapped types, of which `-?` makes every field required, as in `Required<T>`. */
export class MappedParser extends MappedTypeNodeParser {
  public override createType(given: never, context: Context): BaseType {
    const type = super.createType(given, context)
    const { questionToken } = given as TypeScript.MappedTypeNode
    if (questionToken?.kind !== compiler.SyntaxKind.MinusToken || !(type instanceof ObjectType)) return type
    const required = type.getProperties().map((one) => new ObjectProperty(one.getName(), one.getType(), true))
    return new ObjectType(type.getId(), [], required, type.getAdditionalProperties())
  }
}

/** `keyof T`. That an object may hold more than its fields makes no further keys. */
export class KeyParser extends TypeOperatorNodeParser {
  public override createType(given: never, context: Context): BaseType {
    const { operator, type: node } = given as TypeScript.TypeOperatorNode
    if (operator === compiler.SyntaxKind.KeyOfKeyword) {
      const type = derefType(this.childNodeParser.createType(node as never, context))
      const keys = type instanceof ObjectType && type.getAdditionalProperties() === true ? getTypeKeys(type) : []
      if (keys.length > 0) return keys.length === 1 ? keys[0] : new UnionType(keys)
    }
    return super.createType(given, context)
  }
}
