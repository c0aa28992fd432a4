import { isStreamerError } from '@boostercloud/streamer-connector'
import type * as ts from 'typescript'
import { compiler, openServiceProgram, placeOf, SchemaVersions, wireTypeIn } from '../../inspect'
import type { ServiceProgram } from '../../inspect'
import { carriedEvents } from './carried'
import type { EventSchema } from '../event-schema'
import { schemaGenerator } from './generator'

/**
 * The schemas of the event classes that are declared in a folder: every class that has an `entityID()`, as its fields travel. Throws
 * `OPTION_INVALID` for a class whose fields have no schema, naming it, and for one whose wire type is known only when the service runs.
 */
export function extractSchemas(folder: string): EventSchema[] {
  const program = openServiceProgram(folder)
  return eventSchemas(program, exportedEvents(program)).map(({ node, schema }) => ({
    ...schema,
    type: schema.type ?? wireTypeIn(node, schema.event, program),
  }))
}

/** A class with its schema. */
export interface ClassSchema {
  readonly node: ts.ClassDeclaration
  readonly schema: EventSchema
}

/**
 * The schemas of these classes of a program, with their wire types where the sources say them. Throws `OPTION_INVALID` for a class whose fields have no schema, naming it.
 */
export function eventSchemas(program: ServiceProgram, classes: readonly ts.ClassDeclaration[]): ClassSchema[] {
  if (classes.length === 0) return []
  const versions = new SchemaVersions(program)
  const generate = schemaGenerator(program)
  const carried = carriedEvents(program)
  return classes.map((node) => {
    const topics = carried
      .filter(({ eventClass }) => eventClass === node)
      .map(({ address, at }) => [address, at] as const)
    const event = node.name?.text ?? ''
    const schema: EventSchema = {
      event,
      type: saidWireType(node, event, program),
      version: versions.of(node),
      at: placeOf(node.name ?? node, program.folder),
      schema: generate(node),
      methods: methodsOf(node, program.checker),
      topics: Object.fromEntries(topics),
    }
    return { node, schema }
  })
}

/** The classes of a program that are exported and have an `entityID()`. */
export function exportedEvents({ files, checker }: ServiceProgram): ts.ClassDeclaration[] {
  return files.flatMap((file) =>
    file.statements
      .filter(compiler.isClassDeclaration)
      .filter((node) => node.name && isExported(node) && !isAbstract(node))
      .filter((node) => checker.getTypeAtLocation(node).getProperty('entityID') !== undefined)
  )
}

function saidWireType(node: ts.ClassDeclaration, name: string, program: ServiceProgram): string | undefined {
  try {
    return wireTypeIn(node, name, program)
  } catch (error) {
    if (isStreamerError(error, 'OPTION_INVALID')) return undefined
    throw error
  }
}

/** What the objects of a class have on their prototype to be called, inherited ones included. */
function methodsOf(node: ts.ClassDeclaration, checker: ts.TypeChecker): string[] {
  return checker
    .getTypeAtLocation(node)
    .getProperties()
    .filter(({ declarations = [] }) => declarations.some(compiler.isMethodDeclaration))
    .map(({ name }) => name)
    .sort()
}

function isExported(node: ts.ClassDeclaration): boolean {
  return (compiler.getCombinedModifierFlags(node) & compiler.ModifierFlags.Export) !== 0
}

function isAbstract(node: ts.ClassDeclaration): boolean {
  return (compiler.getCombinedModifierFlags(node) & compiler.ModifierFlags.Abstract) !== 0
}
