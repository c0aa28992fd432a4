import { existsSync, readdirSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { ROOT } from '../run'

/** The folders below which test files are, besides `test` at the root. */
const FOLDERS = ['packages', 'examples']

/** Every mocha test file of the repository, by its path from the root with slashes, in the order of the alphabet. */
export function testFiles(): string[] {
  return [...FOLDERS.flatMap(filesBelow).filter((file) => /\/test\//.test(file)), ...filesBelow('test')].sort()
}

/**
 * The test files that a person names: files, or folders that hold some, as paths from the current folder or the root. Throws for a
 * name that means no test file.
 */
export function namedFiles(
  names: readonly string[],
  { cwd = process.cwd(), all = testFiles() }: { readonly cwd?: string; readonly all?: readonly string[] } = {}
): string[] {
  const chosen = names.flatMap((name) => {
    const paths = [resolve(cwd, name), resolve(ROOT, name)].filter((path) => existsSync(path)).map(fromRoot)
    const found = all.filter((file) => paths.some((path) => file === path || file.startsWith(`${path}/`)))
    if (found.length === 0) throw new Error(`There is no test file at '${name}'.`)
    return found
  })
  return [...new Set(chosen)].sort()
}

function fromRoot(path: string): string {
  return relative(ROOT, path).split(sep).join('/')
}

function filesBelow(folder: string): string[] {
  const path = isAbsolute(folder) ? folder : join(ROOT, folder)
  return readdirSync(path).flatMap((name) => {
    if (IGNORED.has(name)) return []
    const each = join(path, name)
    if (statSync(each).isDirectory()) return filesBelow(each)
    return name.endsWith('.test.ts') ? [fromRoot(each)] : []
  })
}

const IGNORED = new Set(['node_modules', 'dist', '.booster', '.cache'])
