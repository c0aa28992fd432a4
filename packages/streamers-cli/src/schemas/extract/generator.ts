import { StreamerError } from '@boostercloud/streamer-connector'
import {
  AnnotatedType,
  NumberType,
  SchemaGenerator,
  StringType,
  createFormatter,
  createParser,
} from 'ts-json-schema-generator'
import type { BaseType, CompletedConfig, NodeParser, SubNodeParser } from 'ts-json-schema-generator'
import type * as ts from 'typescript'
import { compiler, placeOf } from '../../inspect'
import type { ServiceProgram } from '../../inspect'
import type { FieldSchema } from '../event-schema'
import { ownParsers } from './parsers'

const CONFIG = {
  skipTypeCheck: true,
  functions: 'hide',
  expose: 'none',
  topRef: false,
  additionalProperties: true,
} as unknown as CompletedConfig

/** Makes schemas of a service's classes. What is answered throws `OPTION_INVALID` for a class whose fields have no schema, naming it. */
export function schemaGenerator({ folder, program: own }: ServiceProgram): (node: ts.ClassDeclaration) => FieldSchema {
  // Its types are those of the compiler that it is.
  const program = own as unknown as Parameters<typeof createParser>[0]
  const parser = createParser(program, CONFIG, (chain) => {
    chain
      .addNodeParser(new TravelsAsText(/(^|\.)UUID$/, 'uuid'))
      .addNodeParser(new TravelsAsText(/^Date$/, 'date-time'))
      .addNodeParser(new TravelsAsLong())
    for (const one of ownParsers(program.getTypeChecker(), chain as unknown as NodeParser)) chain.addNodeParser(one)
  })
  const generator = new SchemaGenerator(program, parser, createFormatter(CONFIG), CONFIG)
  return (node) => {
    try {
      return opened(generator.createSchemaFromNodes([node as unknown as Node]) as FieldSchema)
    } catch (cause) {
      const why = firstCause(cause as Error).message
      throw new StreamerError('OPTION_INVALID', `There is no schema of ${node.name?.text ?? 'a class'}: ${why}`, {
        at: placeOf(node.name ?? node, folder),
        hint: 'Give its fields types that JSON can carry.',
        cause,
      })
    }
  }
}

type Node = Parameters<SchemaGenerator['createSchemaFromNodes']>[0][number]

/** Objects may hold more than their fields, also where the generator thinks of a mapped type as closed. */
function opened(schema: FieldSchema): FieldSchema {
  const text = JSON.stringify(schema)
  return JSON.parse(text, (key, value: unknown) =>
    key === 'additionalProperties' && value === false ? undefined : value
  ) as FieldSchema
}

/** The generator tells each level what has failed beneath. */
function firstCause(error: Error): Error {
  return error.cause instanceof Error ? firstCause(error.cause) : error
}

/** A class that travels as a text of some form, as Booster's UUID and a date do. */
class TravelsAsText implements SubNodeParser {
  public constructor(
    private readonly names: RegExp,
    private readonly format: string
  ) {}

  public supportsNode(node: object): boolean {
    const { typeName } = node as Partial<ts.TypeReferenceNode>
    return typeName !== undefined && this.names.test(entityName(typeName))
  }

  public createType(): BaseType {
    return new AnnotatedType(new StringType(), { format: this.format }, false)
  }
}

/** As `types.UUID`. What the compiler made of a type stands in no file. */
function entityName(name: ts.EntityName): string {
  return 'right' in name ? `${entityName(name.left)}.${name.right.text}` : name.text
}

/** A `bigint`: a whole number of any size, which JSON writes like any other. */
class TravelsAsLong implements SubNodeParser {
  public supportsNode({ kind }: { readonly kind: unknown }): boolean {
    return kind === compiler.SyntaxKind.BigIntKeyword
  }

  public createType(): BaseType {
    return new AnnotatedType(new NumberType(), { type: 'integer', format: 'int64' }, false)
  }
}
