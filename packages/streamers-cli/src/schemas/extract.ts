import * as ts from 'typescript'
import { openServiceProgram, placeOf, SchemaVersions } from '../inspect'
import type { ServiceProgram } from '../inspect'
import { carriedEvents } from './carried'
import type { EventSchema } from './event-schema'
import { schemaGenerator } from './generator'

/**
 * The schemas of the event classes that are declared in a folder: every class that has an `entityID()`, as its fields travel. Throws
 * `OPTION_INVALID` for a class whose fields have no schema, naming it.
 */
export function extractSchemas(folder: string): EventSchema[] {
  const program = openServiceProgram(folder)
  const versions = new SchemaVersions(program)
  const classes = program.files.flatMap((file) => eventClasses(file, program))
  if (classes.length === 0) return []
  const generate = schemaGenerator(program)
  const carried = carriedEvents(program)
  return classes.map(({ name, at, node }) => ({
    event: name,
    version: versions.of(node),
    at,
    schema: generate(node),
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
