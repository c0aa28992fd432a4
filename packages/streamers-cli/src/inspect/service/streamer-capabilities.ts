import type { StreamerCapabilities } from '@boostercloud/streamer-connector'
import type * as ts from 'typescript'
import { nameOf, textOf } from '../compiler/constants'
import { compiler } from '../compiler/compiler'

/** What an event may require of its streamer, as far as the sources tell it. */
export type InspectedCapabilities = Partial<Pick<StreamerCapabilities, 'ordering' | 'durable' | 'replay'>>

/** What an option is given as: nothing, a text that is known, or something that is not known before the service runs. */
type Option = (name: string) => { readonly isGiven: boolean; readonly text?: string }

/** The capabilities of our connectors, by their options. */
const OF_CONNECTORS: Readonly<Record<string, (option: Option) => InspectedCapabilities>> = {
  LocalStreamer: () => ({ ordering: 'topic', durable: true, replay: true }),
  KafkaStreamer: () => ({ ordering: 'key', durable: true, replay: true }),
  RabbitMQStreamer: (option) => ({ ordering: orderingOf(option), durable: true, replay: false }),
  NatsStreamer: (option) => ({ ordering: orderingOf(option), durable: isOnDisk(option), replay: true }),
  EventBridgeStreamer: (option) => ({ ordering: 'none', durable: true, replay: option('archive').isGiven }),
}

/**
 * The capabilities of a streamer that is made so: of one of our connectors by its options, of another one by the literal types of its `capabilities`. What is
 * not known before the service runs is left out.
 */
export function streamerCapabilities(made: ts.Expression, checker: ts.TypeChecker): InspectedCapabilities {
  const ofConnector = compiler.isCallExpression(made) ? ofKnownConnector(made, checker) : undefined
  return defined(ofConnector ?? ofType(checker.getTypeAtLocation(made), made, checker))
}

function ofKnownConnector(call: ts.CallExpression, checker: ts.TypeChecker): InspectedCapabilities | undefined {
  const { expression } = call
  if (!compiler.isPropertyAccessExpression(expression) || expression.name.text !== 'with') return undefined
  const name = nameOf(expression.expression, checker)
  const known = name !== undefined && Object.hasOwn(OF_CONNECTORS, name) ? OF_CONNECTORS[name] : undefined
  return known?.(optionsOf(call.arguments.at(0), checker))
}

function optionsOf(options: ts.Expression | undefined, checker: ts.TypeChecker): Option {
  if (options === undefined) return () => ({ isGiven: false })
  if (!compiler.isObjectLiteralExpression(options) || options.properties.some(compiler.isSpreadAssignment)) {
    return () => ({ isGiven: true })
  }
  return (name) => {
    const property = options.properties.find((one) => one.name?.getText() === name)
    if (!property) return { isGiven: false }
    return {
      isGiven: true,
      text: compiler.isPropertyAssignment(property) ? textOf(property.initializer, checker) : undefined,
    }
  }
}

function orderingOf(option: Option): InspectedCapabilities['ordering'] {
  const { isGiven, text } = option('ordering')
  if (!isGiven) return 'key'
  return text === 'key' || text === 'none' ? text : undefined
}

function isOnDisk(option: Option): boolean | undefined {
  const { isGiven, text } = option('storage')
  if (!isGiven) return true
  return text === undefined ? undefined : text === 'file'
}

function ofType(type: ts.Type, at: ts.Node, checker: ts.TypeChecker): InspectedCapabilities {
  const capabilities = type.getProperty('capabilities')
  if (!capabilities) return {}
  const capabilitiesType = checker.getTypeOfSymbolAtLocation(capabilities, at)
  const literal = (name: string): unknown => {
    const property = capabilitiesType.getProperty(name)
    return property && valueOf(checker.getTypeOfSymbolAtLocation(property, at), checker)
  }
  return {
    ordering: literal('ordering') as InspectedCapabilities['ordering'],
    durable: literal('durable') as boolean | undefined,
    replay: literal('replay') as boolean | undefined,
  }
}

function valueOf(type: ts.Type, checker: ts.TypeChecker): string | boolean | undefined {
  if (type.isStringLiteral()) return type.value
  const isOneBoolean = (type.flags & compiler.TypeFlags.BooleanLiteral) !== 0
  return isOneBoolean ? checker.typeToString(type) === 'true' : undefined
}

function defined(capabilities: InspectedCapabilities): InspectedCapabilities {
  return Object.fromEntries(Object.entries(capabilities).filter(([, value]) => value !== undefined))
}
