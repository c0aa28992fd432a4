import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as ts from 'typescript'
import { noApp } from '../app/app'

/** A source file of an app. */
export interface AppSource {
  readonly file: string
  readonly text: string
  readonly tree: ts.SourceFile
}

/** The sources below an app's src, parsed. Throws `OPTION_INVALID` where there is no app. */
export function appSources(folder: string): AppSource[] {
  if (!existsSync(join(folder, 'package.json')) || !existsSync(join(folder, 'src'))) throw noApp(folder)
  return readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => {
      const file = join(folder, 'src', name)
      const text = readFileSync(file, 'utf8')
      return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) }
    })
}

/** An event class, and its decorator. */
export interface EventClass {
  readonly source: AppSource
  readonly name: string
  readonly decorator: ts.Decorator
  /** What the decorator is called with, as text; undefined where it is called with nothing: then it is not published. */
  readonly options?: string
}

/** The classes with a decorator `@Event`. */
export function eventClasses(sources: readonly AppSource[]): EventClass[] {
  return sources.flatMap((source) =>
    source.tree.statements.flatMap((statement) => {
      if (!ts.isClassDeclaration(statement) || !statement.name) return []
      const decorator = ts.getDecorators(statement)?.find(isEvent)
      if (!decorator) return []
      return [{ source, name: statement.name.text, decorator, options: optionsOf(decorator) }]
    })
  )
}

function isEvent({ expression }: ts.Decorator): boolean {
  const called = ts.isCallExpression(expression) ? expression.expression : expression
  return ts.isIdentifier(called) && called.text === 'Event'
}

/** Whatever a decorator is called with may say where to. */
function optionsOf({ expression }: ts.Decorator): string | undefined {
  const options = ts.isCallExpression(expression) ? expression.arguments : []
  return options.length === 0 ? undefined : options.map((one) => one.getText()).join(', ')
}

/** A call of `Booster.configure`. */
export interface Configuration {
  readonly source: AppSource
  /** Its first argument, if that is a text. */
  readonly environment?: string
  /** What the function calls the configuration. */
  readonly parameter: string
  readonly body: ts.Block
  /** Whether it sets the streamers. */
  readonly hasStreamers: boolean
}

/** Every call of `Booster.configure` with a function that has a body. */
export function configurations(sources: readonly AppSource[]): Configuration[] {
  return sources.flatMap((source) => {
    const found: Configuration[] = []
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText() === 'Booster.configure') {
        const configuration = configurationOf(source, node)
        if (configuration) found.push(configuration)
      }
      ts.forEachChild(node, visit)
    }
    visit(source.tree)
    return found
  })
}

function configurationOf(
  source: AppSource,
  { arguments: [name, configure] }: ts.CallExpression
): Configuration | undefined {
  if (!configure || !(ts.isArrowFunction(configure) || ts.isFunctionExpression(configure))) return undefined
  const [parameter] = configure.parameters
  if (!parameter || !ts.isIdentifier(parameter.name) || !ts.isBlock(configure.body)) return undefined
  const config = parameter.name.text
  return {
    source,
    environment: ts.isStringLiteralLike(name) ? name.text : undefined,
    parameter: config,
    body: configure.body,
    hasStreamers: new RegExp(`\\b${config}\\.streamers\\s*=`).test(configure.body.getText()),
  }
}
