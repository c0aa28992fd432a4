import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ROOT } from './run.mjs'

const TAGS = ['public', 'experimental', 'internal']
const BUILT = /^(.*\/packages\/[^/]+)\/dist\//

/**
 * What every package exports, as it was built: for each package its name, its report's file, and the report's text, which names every
 * import path with its names, their signatures and their release tags. `problems` says which names have no release tag, or several.
 */
export function apiReports(root = ROOT) {
  const packages = packagesOf(root)
  const program = ts.createProgram(
    packages.flatMap(({ entries }) => entries.map(({ file }) => file)),
    { moduleResolution: ts.ModuleResolutionKind.Node10, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022 }
  )
  const problems = []
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
  return { reports, problems }
}

function packagesOf(root) {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => {
      const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const entries = Object.entries(exports)
        .filter(([, target]) => typeof target !== 'string')
        .map(([subpath, { types }]) => ({ specifier: name + subpath.slice(1), file: join(folder, types) }))
      return { name, folder, entries }
    })
}

/** The names of a module in the order of the alphabet, each with what it is. */
function exportsOf(program, file) {
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(file))
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
function tagsOf(symbol) {
  if (!symbol.declarations?.some((one) => BUILT.test(one.getSourceFile().fileName))) return ['public']
  const tags = symbol.declarations.flatMap((one) => ts.getJSDocTags(one).map(({ tagName }) => tagName.text))
  return [...new Set(tags.filter((tag) => TAGS.includes(tag)))]
}

/** The package that a name comes from, where that is another one. */
function homeOf(symbol, folder, packages) {
  const file = symbol.declarations?.[0].getSourceFile().fileName ?? ''
  const home = BUILT.exec(file)?.[1]
  if (home === folder) return undefined
  return packages.find((one) => one.folder === home)?.name ?? /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]
}

function reportOf(name, sections) {
  const parts = sections.map(({ specifier, exported }) => {
    const lines = exported.map(({ name, symbol, tags, home }) =>
      home === undefined
        ? `// @${tags.join(' @')}\n${signatureOf(symbol)}`
        : `// @${tags.join(' @')}\nexport { ${name} } from '${home}'`
    )
    const counts = TAGS.map((tag) => [tag, exported.filter(({ tags }) => tags.includes(tag)).length])
    const sum = counts.filter(([, count]) => count > 0).map(([tag, count]) => `${count} ${tag}`)
    return `## \`${specifier}\`\n\n${sum.join(', ') || 'nothing'}\n\n\`\`\`ts\n${lines.join('\n\n')}\n\`\`\`\n`
  })
  return `# What \`${name}\` exports\n\nWritten by \`npm run api\` from the built declarations. A test compares.\n\n${parts.join('\n')}`
}

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed })

function signatureOf({ declarations = [] }) {
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
function withoutPrivates(one) {
  const members = one.members.filter(
    (member) =>
      !ts.canHaveModifiers(member) ||
      !ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
  )
  const seen = members.filter((member) => !(member.name && ts.isPrivateIdentifier(member.name)))
  return ts.factory.updateClassDeclaration(one, one.modifiers, one.name, one.typeParameters, one.heritageClauses, seen)
}
