import { resolve } from 'node:path'
import type * as ts from 'typescript'
import { compiler } from '../compiler/compiler'
import { nameOf, textOf, textsOf } from '../compiler/constants'
import { valueOf } from '../compiler/decorations'
import { placeOf } from '../compiler/service-program'
import type { ServiceProgram } from '../compiler/service-program'

/** What a streamer id stands for in one environment of a service, as far as its sources say. */
export interface ConfiguredStreamer {
  readonly id: string
  /** Of the `Booster.configure` that it stands in; undefined where that is not said. */
  readonly environment?: string
  /** The connector's class, as `KafkaStreamer`. */
  readonly connector?: string
  /** The broker's addresses, or the log's folder, where they are literal. */
  readonly brokers?: readonly string[]
  /** `src/config.ts:12`. */
  readonly at: string
}

/** The options that say which broker it is. */
const BROKER_OPTIONS = ['brokers', 'servers', 'urls', 'url', 'path']

/** What `config.streamers = { … }` configures. */
export function configuredIn(streamers: ts.ObjectLiteralExpression, program: ServiceProgram): ConfiguredStreamer[] {
  const environment = environmentAround(streamers, program.checker)
  return streamers.properties.flatMap((property) => {
    if (!compiler.isPropertyAssignment(property)) return []
    const { name, initializer } = property
    if (!compiler.isStringLiteralLike(name) && !compiler.isIdentifier(name)) return []
    const at = placeOf(property, program.folder)
    return [{ id: name.text, environment, ...madeBy(initializer, program), at }]
  })
}

/** The environment of the `Booster.configure` around a place. */
function environmentAround(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent as ts.Node | undefined) {
    if (!compiler.isCallExpression(at) || !compiler.isPropertyAccessExpression(at.expression)) continue
    if (at.expression.name.text === 'configure' && at.arguments.length === 2) return textOf(at.arguments[0], checker)
  }
  return undefined
}

function madeBy(
  made: ts.Expression,
  { checker, folder }: ServiceProgram
): Pick<ConfiguredStreamer, 'connector' | 'brokers'> {
  if (!compiler.isCallExpression(made) || !compiler.isPropertyAccessExpression(made.expression)) return {}
  if (made.expression.name.text !== 'with') return {}
  const connector = nameOf(made.expression.expression, checker)
  const options = made.arguments.at(0)
  if (options === undefined || !compiler.isObjectLiteralExpression(options)) return { connector }
  for (const name of BROKER_OPTIONS) {
    const value = valueOf(options, name)
    const texts = value && textsOf(value, checker)
    if (texts) return { connector, brokers: name === 'path' ? texts.map((path) => resolve(folder, path)) : texts }
  }
  return { connector }
}
