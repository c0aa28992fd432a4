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

/** The classes of a program that are exported, under their own name or another, and have an `entityID()`. */
export function exportedEvents({ files, checker }: ServiceProgram): ts.ClassDeclaration[] {
  return files.flatMap((file) => {
    const exported = exportedIn(file, checker)
    return file.statements
      .filter(compiler.isClassDeclaration)
      .filter((node) => node.name && exported.has(node) && !isAbstract(node))
      .filter((node) => checker.getTypeAtLocation(node).getProperty('entityID') !== undefined)
  })
}

/** What a file exports beside types: with `export` before it, in a list of exports, as its default or with `export =`. */
function exportedIn(file: ts.SourceFile, checker: ts.TypeChecker): ReadonlySet<ts.Node> {
  const exported = [...(checker.getSymbolAtLocation(file)?.exports?.values() ?? [])]
  const values = exported.filter(({ declarations }) => !declarations?.some(compiler.isTypeOnlyExportDeclaration))
  return new Set(values.flatMap((one) => resolved(one, checker).declarations ?? []))
}

function resolved(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
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

function isAbstract(node: ts.ClassDeclaration): boolean {
  return (compiler.getCombinedModifierFlags(node) & compiler.ModifierFlags.Abstract) !== 0
}
