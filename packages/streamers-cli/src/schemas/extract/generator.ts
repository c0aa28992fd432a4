import { StreamerError } from '@boostercloud/streamer-connector'
import { SchemaGenerator, createFormatter } from 'ts-json-schema-generator'
import type { CompletedConfig } from 'ts-json-schema-generator'
import type * as ts from 'typescript'
import { placeOf } from '../../inspect'
import type { ServiceProgram } from '../../inspect'
import type { FieldSchema } from '../event-schema'
import { TypeReader } from './types'

const CONFIG = { additionalProperties: true } as unknown as CompletedConfig

/** Makes schemas of a service's classes. What is answered throws `OPTION_INVALID` for a class whose fields have no schema, naming it. */
export function schemaGenerator({
  folder,
  program,
  checker,
}: ServiceProgram): (node: ts.ClassDeclaration) => FieldSchema {
  return (node) => {
    // Each schema has names of its own.
    const parser = { createType: () => new TypeReader(checker, node).read(checker.getTypeAtLocation(node)) }
    const generator = new SchemaGenerator(program as unknown as Program, parser, createFormatter(CONFIG), CONFIG)
    try {
      return generator.createSchemaFromNodes([node as unknown as Node]) as FieldSchema
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

/** Its types are those of the compiler that it is. */
type Program = ConstructorParameters<typeof SchemaGenerator>[0]
type Node = Parameters<SchemaGenerator['createSchemaFromNodes']>[0][number]

/** The generator tells each level what has failed beneath. */
function firstCause(error: Error): Error {
  return error.cause instanceof Error ? firstCause(error.cause) : error
}
