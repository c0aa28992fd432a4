import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { ROOT } from '../run'
import { openCodeFile } from './code-cache/file.cjs'

const CODE = join(__dirname, 'code-cache')
const PRELOAD = join(CODE, 'preload.cjs')
const CONTENTS = join(CODE, 'contents.cjs')
const FORMAT = join(CODE, 'file.cjs')
const FOLDER = join(ROOT, '.cache/code')
const OF_NODE = join(ROOT, '.cache/node-code')
const PACKAGES = `${join(ROOT, 'node_modules')}${sep}`
/** Our own, of which what is built is kept too. */
const OWN = `${join(ROOT, 'packages')}${sep}`
/** From here on Node has such a cache itself. */
const NODE_WITH_CACHE = 22

/**
 * Variables by which this Node, and all that it starts, loads packages as an earlier process has compiled them. That is written when
 * it is not there yet, and anew when a file of `node_modules` has changed since. Another Node, which is newer, keeps such a cache by itself.
 */
export function codeCacheVariables(node = process.execPath): Record<string, string> {
  const isOther = node !== process.execPath
  if (isOther || Number.parseInt(process.versions.node) >= NODE_WITH_CACHE) return { NODE_COMPILE_CACHE: OF_NODE }
  const file = join(FOLDER, name())
  if (!isUpToDate(file)) write(file)
  const { NODE_OPTIONS = '' } = process.env
  return {
    ...variablesFor(file),
    NODE_OPTIONS: `${NODE_OPTIONS} --require=${quoted(PRELOAD)}`.trim(),
  }
}

/** What is read depends on the Node that wrote it, on what was installed, and on what was asked for. */
function name(): string {
  const hash = createHash('sha256').update(process.version).update(process.arch)
  for (const file of [PRELOAD, CONTENTS, FORMAT, join(PACKAGES, '.package-lock.json')]) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

function variablesFor(file: string): Record<string, string> {
  return { STREAMERS_CODE_CACHE: file, STREAMERS_CODE_CACHE_OF: PACKAGES, STREAMERS_CODE_CACHE_OWN: OWN }
}

/** Whether every file of `node_modules` is still the one that was compiled: whoever tries something may have edited one. Ours are looked at when they are loaded. */
function isUpToDate(file: string): boolean {
  if (!existsSync(file)) return false
  const { places } = openCodeFile(file)
  const installed = Object.entries(places).filter(([path]) => path.startsWith(PACKAGES))
  return installed.every(([path, { size, mtimeMs }]) => {
    const found = statSync(path, { throwIfNoEntry: false })
    return found?.size === size && found.mtimeMs === mtimeMs
  })
}

/** Written under a name of its own first: another run may do the same, or read. */
function write(file: string): void {
  const own = `${file}.${process.pid}`
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  execFileSync(process.execPath, [`--require=${PRELOAD}`, CONTENTS], {
    cwd: ROOT,
    env: { ...process.env, ...variablesFor(own), STREAMERS_CODE_CACHE_RECORD: '1' },
    stdio: 'ignore',
  })
  renameSync(own, file)
}

/** As `NODE_OPTIONS` has it. */
function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&')}"`
}
