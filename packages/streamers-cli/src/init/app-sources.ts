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
  /** What stands between `import` and `from` to have it: `NoteAdded` where it is a default export, else `{ NoteAdded }`. */
  readonly imported: string
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
      const name = statement.name.text
      return [{ source, name, imported: importedAs(statement, name, source), decorator, options: optionsOf(decorator) }]
    })
  )
}

function importedAs(node: ts.ClassDeclaration, name: string, { tree }: AppSource): string {
  const isDefault = (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Default) !== 0
  const [exported = name] = isDefault ? ['default'] : tree.statements.flatMap((one) => exportedIn(one, name))
  if (exported === 'default') return name
  return exported === name ? `{ ${name} }` : `{ ${exported} as ${name} }`
}

/** Under what a statement beside the class exports it: `export default NoteAdded`, `export { NoteAdded }`. */
function exportedIn(statement: ts.Statement, name: string): string[] {
  if (ts.isExportAssignment(statement)) return statement.expression.getText() === name ? ['default'] : []
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier) return []
  const { exportClause } = statement
  if (!exportClause || !ts.isNamedExports(exportClause)) return []
  return exportClause.elements.filter((one) => (one.propertyName ?? one.name).text === name).map((one) => one.name.text)
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
  /** The ids of the streamers that it sets; empty where the sources do not say them. Undefined: it sets none. */
  readonly streamers?: readonly string[]
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
    streamers: streamersSetIn(configure.body, config),
  }
}

/** What is assigned to `config.streamers`, or to one of it. */
function streamersSetIn(node: ts.Node, config: string): readonly string[] | undefined {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken) && isOfStreamers(node.left, config))
    return namesOf(node.right)
  return ts.forEachChild(node, (child) => streamersSetIn(child, config))
}

function isAssignment({ kind }: ts.Node): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
}

function isOfStreamers(node: ts.Expression, config: string): boolean {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return false
  const name = ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression
  const isNamed = (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) && name.text === 'streamers'
  return (isNamed && node.expression.getText() === config) || isOfStreamers(node.expression, config)
}

function namesOf(value: ts.Expression): string[] {
  if (!ts.isObjectLiteralExpression(value)) return []
  const names = value.properties.map(({ name }) => textOf(name))
  return names.includes(undefined) ? [] : (names as string[])
}

function textOf(name: ts.PropertyName | undefined): string | undefined {
  return name && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? name.text : undefined
}
