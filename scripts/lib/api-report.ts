import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { isPrivate, typesNamedBy } from './api-types'
import type { NamedType } from './api-types'
import { ROOT } from './run'

const TAGS = ['public', 'experimental', 'internal']
const BUILT = /^(.*\/packages\/[^/]+)\/dist\//
const INSTALLED = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//
/** The types of the language and of Node. */
const COMES_ALONG = ['typescript', 'node', 'undici-types']

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** A package, with the files behind what it exports. */
interface Package {
  readonly name: string
  readonly folder: string
  readonly entries: ReadonlyArray<{ readonly specifier: string; readonly file: string }>
  /** What is installed with it. */
  readonly needs: readonly string[]
}

/** A name that an entry exports. */
interface ExportedName {
  readonly name: string
  readonly symbol: ts.Symbol
  readonly tags: readonly string[]
  /** The package that it comes from, where that is another one. */
  readonly home?: string
}

/** What an import path has. */
interface Section {
  readonly specifier: string
  readonly exported: readonly ExportedName[]
}

/** What a package exports. */
export interface ApiReport {
  readonly name: string
  /** Its api.md. */
  readonly file: string
  /** What is to be in it. */
  readonly text: string
  readonly sections: readonly Section[]
}

/**
 * What every package exports, as it was built: for each package its name, its report's file, and the report's text, which names every
 * import path with its names, their signatures and their release tags. `problems` says which names have no release tag, or several, and which mention a
 * type that somebody who uses them does not get: an `@internal` one, one that its package does not export, or one of a package that is not installed with it.
 */
export function apiReports(root = ROOT): { reports: ApiReport[]; problems: string[] } {
  const packages = packagesOf(root)
  const program = ts.createProgram(
    packages.flatMap(({ entries }) => entries.map(({ file }) => file)),
    {
      moduleResolution: ts.ModuleResolutionKind.Node10,
      skipLibCheck: true,
      types: ['node'],
      target: ts.ScriptTarget.ES2022,
    }
  )
  const problems: string[] = []
  const reports = packages.map(({ name, folder, entries }) => {
    const sections = entries.map(({ specifier, file }) => {
      const exported = exportsOf(program, file)
      for (const one of exported) {
        if (one.tags.length !== 1) problems.push(`${specifier}: ${one.name} has ${one.tags.length} release tags.`)
      }
      return { specifier, exported: exported.map((one) => ({ ...one, home: homeOf(one.symbol, folder, packages) })) }
    })
    return { name, file: join(folder, 'api.md'), sections, text: reportOf(name, sections) }
  })
  const tagsBySymbol = new Map(
    reports.flatMap(({ sections }) =>
      sections.flatMap(({ exported }) => exported.map(({ symbol, tags }) => [symbol, tags]))
    )
  )
  const checker = program.getTypeChecker()
  for (const [index, { sections }] of reports.entries()) {
    for (const { specifier, exported } of sections) {
      for (const { name, symbol } of exported.filter(
        ({ home, tags }) => home === undefined && !tags.includes('internal')
      )) {
        const reasons = typesNamedBy(symbol, checker).flatMap(
          (one) => unobtainable(one, packages[index], tagsBySymbol) ?? []
        )
        problems.push(...reasons.map((why) => `${specifier}: ${name} ${why}`))
      }
    }
  }
  return { reports, problems }
}

/** Why a type that a public name mentions cannot be had, in words; undefined where it can. */
function unobtainable(
  { name, symbol }: NamedType,
  { needs }: Package,
  tagsBySymbol: ReadonlyMap<ts.Symbol, readonly string[]>
): string | undefined {
  const file = symbol.declarations?.[0].getSourceFile().fileName ?? ''
  if (BUILT.test(file)) {
    const tags = tagsBySymbol.get(symbol)
    if (tags === undefined) return `mentions ${name}, which no package exports.`
    return tags.includes('internal') ? `mentions ${name}, which is @internal.` : undefined
  }
  const from = installedFrom(file)
  if (from === undefined || [...COMES_ALONG, ...needs].includes(from)) return undefined
  return `mentions ${name} of ${from}, which is neither a dependency nor a peer.`
}

/** The package whose types are in a file. */
function installedFrom(file: string): string | undefined {
  const [, found] = INSTALLED.exec(file) ?? []
  return found?.replace(/^@types\/(?:(.+)__)?/, (_, scope?: string) => (scope ? `@${scope}/` : ''))
}

function packagesOf(root: string): Package[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => {
      const { name, exports, dependencies, peerDependencies } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8')
      ) as Manifest
      const entries = Object.entries(exports).flatMap(([subpath, target]) =>
        typeof target === 'string' ? [] : { specifier: name + subpath.slice(1), file: join(folder, target.types) }
      )
      return { name, folder, entries, needs: Object.keys({ ...dependencies, ...peerDependencies }) }
    })
}

/** The names of a module in the order of the alphabet, each with what it is. */
function exportsOf(program: ts.Program, file: string): ExportedName[] {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) return []
  return checker
    .getExportsOfModule(module)
    .map((one) => {
      const symbol = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one
      return { name: one.name, symbol, tags: tagsOf(symbol) }
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** What is taken from Booster itself has no tag of ours: it is as public as there. */
function tagsOf(symbol: ts.Symbol): string[] {
  if (!symbol.declarations?.some((one) => BUILT.test(one.getSourceFile().fileName))) return ['public']
  const tags = symbol.declarations.flatMap((one) => ts.getJSDocTags(one).map(({ tagName }) => tagName.text))
  return [...new Set(tags.filter((tag) => TAGS.includes(tag)))]
}

/** The package that a name comes from, where that is another one. */
function homeOf(symbol: ts.Symbol, folder: string, packages: readonly Package[]): string | undefined {
  const file = symbol.declarations?.[0].getSourceFile().fileName ?? ''
  const home = BUILT.exec(file)?.[1]
  if (home === folder) return undefined
  return packages.find((one) => one.folder === home)?.name ?? /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]
}

function reportOf(name: string, sections: readonly Section[]): string {
  const parts = sections.map(({ specifier, exported }) => {
    const lines = exported.map(({ name, symbol, tags, home }) =>
      home === undefined
        ? `// @${tags.join(' @')}\n${signatureOf(symbol)}`
        : `// @${tags.join(' @')}\nexport { ${name} } from '${home}'`
    )
    const counts = TAGS.map((tag) => [tag, exported.filter(({ tags }) => tags.includes(tag)).length] as const)
    const sum = counts.filter(([, count]) => count > 0).map(([tag, count]) => `${count} ${tag}`)
    return `## \`${specifier}\`\n\n${sum.join(', ') || 'nothing'}\n\n\`\`\`ts\n${lines.join('\n\n')}\n\`\`\`\n`
  })
  return `# What \`${name}\` exports\n\nWritten by \`npm run api\` from the built declarations. A test compares.\n\n${parts.join('\n')}`
}

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed })

function signatureOf({ declarations = [] }: ts.Symbol): string {
  return [...new Set(declarations.map((one) => (ts.isVariableDeclaration(one) ? one.parent.parent : one)))]
    .map((one) => {
      const shown = ts.isClassDeclaration(one) ? withoutPrivates(one) : one
      return printer
        .printNode(ts.EmitHint.Unspecified, shown, one.getSourceFile())
        .replace(/^export (default )?/, '')
        .replace(/^declare /, '')
    })
    .join('\n')
}

/** A class as others see it. */
function withoutPrivates(one: ts.ClassDeclaration): ts.ClassDeclaration {
  const seen = one.members.filter((member) => !isPrivate(member))
  return ts.factory.updateClassDeclaration(one, one.modifiers, one.name, one.typeParameters, one.heritageClauses, seen)
}
