import * as ts from 'typescript'
import { withLineEndsOf } from '../app/manifest'
import { propertyName } from '../contracts/streamers-module'
import type { AppSource, Configuration, EventClass } from './app-sources'

interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** A config's file, with a streamer in it. */
export function withStreamer(
  { source, parameter, body }: Configuration,
  streamerId: string,
  { package: name, streamer, code }: { readonly package: string; readonly streamer: string; readonly code: string }
): string {
  const last = body.statements.at(-1)
  const at = last ? last.getEnd() : body.getStart() + 1
  const indent = last ? indentAt(source.text, last.getStart()) : '  '
  const end = source.text.slice(0, at).endsWith(';') ? ';' : ''
  const line = `\n${indent}${parameter}.streamers = { ${propertyName(streamerId)}: ${code} }${end}${last ? '' : '\n'}`
  return edited(source.text, [{ from: at, to: at, text: line }, ...importing(source, streamer, name)])
}

/** An event's file, with `streamTo` on its class. */
export function withStreamTo({ source, decorator }: EventClass, address: string): string {
  const { expression } = decorator
  const options = `{ streamTo: '${address}' }`
  const edits: Edit[] = [
    ts.isCallExpression(expression)
      ? { from: expression.expression.getEnd(), to: expression.getEnd(), text: `(${options})` }
      : { from: expression.getEnd(), to: expression.getEnd(), text: `(${options})` },
    ...withoutImport(source, 'Event', '@boostercloud/framework-core'),
    ...importing(source, 'Event', '@boostercloud/streamers'),
  ]
  return edited(source.text, edits)
}

function importsOf(source: AppSource): ts.ImportDeclaration[] {
  return source.tree.statements.filter(ts.isImportDeclaration)
}

function namesOf(declaration: ts.ImportDeclaration): readonly ts.ImportSpecifier[] {
  const bindings = declaration.importClause?.namedBindings
  return bindings && ts.isNamedImports(bindings) ? bindings.elements : []
}

/** A line more after the imports; none where the name is imported from there already. */
function importing(source: AppSource, name: string, module: string): Edit[] {
  const imports = importsOf(source)
  const has = imports.some((one) => moduleOf(one) === module && namesOf(one).some((each) => each.name.text === name))
  if (has) return []
  const last = imports.at(-1)
  const end = last?.getText().endsWith(';') ? ';' : ''
  const line = `import { ${name} } from '${module}'${end}`
  if (!last) return [{ from: 0, to: 0, text: `${line}\n` }]
  return [{ from: last.getEnd(), to: last.getEnd(), text: `\n${line}` }]
}

/** Without a name of an import; without the whole of it where it is the only one. */
function withoutImport(source: AppSource, name: string, module: string): Edit[] {
  return importsOf(source).flatMap((declaration) => {
    const names = namesOf(declaration)
    if (moduleOf(declaration) !== module || !names.some((one) => one.name.text === name)) return []
    const others = names.filter((one) => one.name.text !== name).map((one) => one.getText())
    if (others.length > 0) {
      const [first, last] = [names[0], names[names.length - 1]]
      return [{ from: first.getStart(), to: last.getEnd(), text: others.join(', ') }]
    }
    const end = declaration.getEnd()
    const [lineEnd = ''] = /^\r?\n/.exec(source.text.slice(end)) ?? []
    return [{ from: declaration.getStart(), to: end + lineEnd.length, text: '' }]
  })
}

function moduleOf({ moduleSpecifier }: ts.ImportDeclaration): string {
  return ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : ''
}

function indentAt(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  return /^\s*/.exec(line)?.[0] ?? ''
}

/** The last place first, so that no edit moves another. */
function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((one, other) => other.from - one.from || other.to - one.to)
    .reduce((now, { from, to, text: by }) => now.slice(0, from) + withLineEndsOf(text, by) + now.slice(to), text)
}
