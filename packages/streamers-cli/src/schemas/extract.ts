import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import {
  AnnotatedType,
  NumberType,
  SchemaGenerator,
  StringType,
  createFormatter,
  createParser,
  createProgram,
} from 'ts-json-schema-generator'
import type { BaseType, CompletedConfig, NodeParser, SubNodeParser } from 'ts-json-schema-generator'
import * as ts from 'typescript'
import { openServiceProgram, placeOf, SchemaVersions } from '../inspect'
import type { ServiceProgram } from '../inspect'
import { carriedEvents } from './carried'
import { classParser } from './class-parser'
import type { EventSchema, FieldSchema } from './event-schema'
import { generatorCompiler } from './generator-compiler'

/**
 * The schemas of the event classes that are declared in a folder: every class that has an `entityID()`, as its fields travel. Throws
 * `OPTION_INVALID` for a class whose fields have no schema, naming it.
 */
export function extractSchemas(folder: string): EventSchema[] {
  const program = openServiceProgram(folder)
  const versions = new SchemaVersions(program)
  const classes = program.files.flatMap((file) => eventClasses(file, program))
  if (classes.length === 0) return []
  const generate = generatorFor(program)
  const carried = carriedEvents(program)
  return classes.map(({ name, at, node }) => ({
    event: name,
    version: versions.of(node),
    at,
    schema: generate(name, at),
    topics: Object.fromEntries(
      carried.filter(({ eventClass }) => eventClass === node).map((topic) => [topic.address, topic.at])
    ),
  }))
}

interface EventClass {
  readonly name: string
  readonly at: string
  readonly node: ts.ClassDeclaration
}

function eventClasses(file: ts.SourceFile, { checker, folder }: ServiceProgram): EventClass[] {
  return file.statements
    .filter(ts.isClassDeclaration)
    .filter((node) => node.name && isExported(node) && !isAbstract(node))
    .filter((node) => checker.getTypeAtLocation(node).getProperty('entityID') !== undefined)
    .map((node) => ({ name: node.name?.text ?? '', at: placeOf(node.name ?? node, folder), node }))
}

function isExported(node: ts.ClassDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0
}

function isAbstract(node: ts.ClassDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract) !== 0
}

function generatorFor({ folder }: ServiceProgram): (name: string, at: string) => FieldSchema {
  const config = {
    path: join(folder, 'src/**/*.ts').replaceAll('\\', '/'),
    tsconfig: join(folder, 'tsconfig.json'),
    skipTypeCheck: true,
    functions: 'hide',
    expose: 'none',
    topRef: false,
    additionalProperties: true,
  } as unknown as CompletedConfig
  const program = createProgram(config)
  const parser = createParser(program, config, (chain) =>
    chain
      .addNodeParser(new TravelsAsText(/(^|\.)UUID$/, 'uuid'))
      .addNodeParser(new TravelsAsText(/^Date$/, 'date-time'))
      .addNodeParser(new TravelsAsLong())
      .addNodeParser(classParser(program.getTypeChecker(), chain as unknown as NodeParser))
  )
  const generator = new SchemaGenerator(program, parser, createFormatter(config), config)
  return (name, at) => {
    try {
      return opened(generator.createSchema(name) as FieldSchema)
    } catch (cause) {
      throw new StreamerError(
        'OPTION_INVALID',
        `There is no schema of ${name}: ${firstCause(cause as Error).message}`,
        {
          at,
          hint: 'Give its fields types that JSON can carry.',
          cause,
        }
      )
    }
  }
}

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
    return kind === generatorCompiler.SyntaxKind.BigIntKeyword
  }

  public createType(): BaseType {
    return new AnnotatedType(new NumberType(), { type: 'integer', format: 'int64' }, false)
  }
}
