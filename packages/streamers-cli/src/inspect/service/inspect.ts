import { StreamerError } from '@boostercloud/streamer-connector'
import type * as ts from 'typescript'
import { configuredIn } from './configured'
import type { ConfiguredStreamer } from './configured'
import { nameOf, textOf, textsOf } from '../compiler/constants'
import { decorationsOf, valueOf } from '../compiler/decorations'
import { fieldsRead } from './fields-read'
import type { InspectedEvent, InspectedHandler, InspectedService, InspectedStreamer } from './inspected-service'
import { openServiceProgram, placeOf } from '../compiler/service-program'
import type { ServiceProgram } from '../compiler/service-program'
import { SchemaVersions } from './schema-versions'
import { streamerCapabilities } from './streamer-capabilities'
import { wireTypeIn } from './wire-type'
import { compiler } from '../compiler/compiler'

/**
 * What the TypeScript sources in a service's folder declare, without running any of them. Throws `OPTION_INVALID` with the place for an
 * address that is known only when the service runs.
 */
export function inspectService(folder: string): InspectedService {
  const program = openServiceProgram(folder)
  const versions = new SchemaVersions(program)
  const found: Found = { publishes: [], handles: [], streamers: [], configured: [] }
  for (const file of program.files) visit(file, program, versions, found)
  const { name = program.packageName, publishes, handles, streamers, configured } = found
  return { name, streamers, configured, publishes, handles }
}

interface Found {
  name?: string
  readonly publishes: InspectedEvent[]
  readonly handles: InspectedHandler[]
  readonly streamers: InspectedStreamer[]
  readonly configured: ConfiguredStreamer[]
}

function visit(node: ts.Node, program: ServiceProgram, versions: SchemaVersions, found: Found): void {
  if (compiler.isClassDeclaration(node) && node.name) ofClass(node, node.name.text, program, versions, found)
  if (compiler.isBinaryExpression(node) && node.operatorToken.kind === compiler.SyntaxKind.EqualsToken) {
    ofAssignment(node, program, found)
  }
  compiler.forEachChild(node, (child) => visit(child, program, versions, found))
}

function ofClass(
  node: ts.ClassDeclaration,
  name: string,
  program: ServiceProgram,
  versions: SchemaVersions,
  found: Found
): void {
  const { checker } = program
  const at = placeOf(node.name ?? node, program.folder)
  for (const { decorator, options } of decorationsOf(node, checker)) {
    if (decorator === 'Event') {
      const requires = requiresOf(options, checker)
      const type = wireTypeIn(node, name, program)
      for (const address of addressesOf(options, 'streamTo', at, checker)) {
        found.publishes.push({ event: name, type, version: versions.of(node), address, requires, at })
      }
    } else {
      const named = valueOf(options, 'name')
      const handler = (named && textOf(named, checker)) ?? name
      const rest = { ...handledEvent(options, at, program, versions), reads: fieldsRead(node, checker), at }
      for (const address of addressesOf(options, 'streamedFrom', at, checker)) {
        found.handles.push({ handler, address, ...rest })
      }
    }
  }
}

/** The class that a handler names, as far as its sources say. */
function handledEvent(
  options: ts.ObjectLiteralExpression,
  at: string,
  program: ServiceProgram,
  versions: SchemaVersions
): Pick<InspectedHandler, 'event' | 'types' | 'version'> {
  const eventType = valueOf(options, 'eventType')
  const event = eventType && nameOf(eventType, program.checker)
  if (!eventType || event === undefined)
    return { event, types: undefined, version: eventType && versions.of(eventType) }
  const types = new Set([wireTypeIn(eventType, event, program), ...typesOf(options, at, program.checker)])
  return { event, types: [...types], version: versions.of(eventType) }
}

function addressesOf(
  options: ts.ObjectLiteralExpression,
  property: 'streamTo' | 'streamedFrom',
  at: string,
  checker: ts.TypeChecker
): string[] {
  const hint = 'Write it as a string, a constant, a member of an enum, a call of streamer(), or an array of these.'
  return textsIn(options, property, { at, hint, checker })
}

/** What else a handler takes. */
function typesOf(options: ts.ObjectLiteralExpression, at: string, checker: ts.TypeChecker): string[] {
  return textsIn(options, 'types', {
    at,
    hint: 'Write it as an array of strings, constants or members of an enum.',
    checker,
  })
}

interface Reading {
  readonly at: string
  readonly hint: string
  readonly checker: ts.TypeChecker
}

function textsIn(options: ts.ObjectLiteralExpression, property: string, { at, hint, checker }: Reading): string[] {
  const value = valueOf(options, property)
  if (!value) return []
  const texts = textsOf(value, checker)
  if (texts) return [...new Set(texts)]
  throw new StreamerError('OPTION_INVALID', `The value of '${property}' cannot be read from the sources.`, {
    at: `${at}: ${value.getText()}`,
    hint,
  })
}

function requiresOf(options: ts.ObjectLiteralExpression, checker: ts.TypeChecker): Record<string, string | boolean> {
  const value = valueOf(options, 'requires')
  if (!value || !compiler.isObjectLiteralExpression(value)) return {}
  return Object.fromEntries(
    value.properties.filter(compiler.isPropertyAssignment).map(({ name, initializer }) => {
      const isTrue = initializer.kind === compiler.SyntaxKind.TrueKeyword
      return [name.getText(), textOf(initializer, checker) ?? isTrue]
    })
  )
}

/** `config.appName = …` and `config.streamers = { … }`. */
function ofAssignment({ left, right }: ts.BinaryExpression, program: ServiceProgram, found: Found): void {
  if (!compiler.isPropertyAccessExpression(left)) return
  if (left.name.text === 'appName') found.name ??= textOf(right, program.checker)
  if (left.name.text !== 'streamers' || !compiler.isObjectLiteralExpression(right)) return
  found.configured.push(...configuredIn(right, program))
  for (const streamer of right.properties.flatMap((property) => streamerOf(property, program))) {
    if (!found.streamers.some(({ id }) => id === streamer.id)) found.streamers.push(streamer)
  }
}

function streamerOf(property: ts.ObjectLiteralElementLike, { folder, checker }: ServiceProgram): InspectedStreamer[] {
  if (!compiler.isPropertyAssignment(property)) return []
  const { name, initializer } = property
  if (!compiler.isStringLiteralLike(name) && !compiler.isIdentifier(name)) return []
  const capabilities = streamerCapabilities(initializer, checker)
  return [{ id: name.text, connector: connectorOf(initializer), capabilities, at: placeOf(property, folder) }]
}

/** `KafkaStreamer` of `KafkaStreamer.with({ … })`. */
function connectorOf(expression: ts.Expression): string | undefined {
  if (!compiler.isCallExpression(expression) || !compiler.isPropertyAccessExpression(expression.expression))
    return undefined
  const { expression: on, name } = expression.expression
  return name.text === 'with' ? on.getText() : undefined
}
