import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const OLDEST_NODE = [20, 19]
const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

/** Throws when this Node is too old for what follows. */
export function ensureNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw new Error(
    `Node ${OLDEST_NODE.join('.')} or newer is needed, and this is ${version}. Install a newer one from https://nodejs.org.`
  )
}

/** Installs what the lock file names, unless it is there. Throws with what npm said, or with the packages that the lock file lags behind. */
export function ensureInstalled() {
  if (isInstalled()) return
  ensureLockIsCurrent()
  console.log('Installing what package-lock.json names. This takes a minute or two.')
  const { npm_execpath: own } = process.env
  const [command, before] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []]
  const { status, error, stdout, stderr } = spawnSync(command, [...before, 'ci', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: before.length === 0 && process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`${stdout ?? ''}${stderr ?? ''}\n'npm ci' ended with ${status ?? error?.message}.`)
}

function ensureLockIsCurrent() {
  const changed = changedSinceLocked()
  if (changed.length === 0) return
  throw new Error(
    `package-lock.json was made before ${changed.join(', ')} changed. Run 'npm install', and commit package-lock.json.`
  )
}

/**
 * Whether what is installed is what the lock file and every package.json ask for. npm writes its own record when an
 * installation has ended, so one that was broken off does not count.
 */
export function isInstalled(root = ROOT) {
  const record = readJson(join(root, 'node_modules/.package-lock.json'))
  const lock = readJson(join(root, 'package-lock.json'))
  if (!record || !lock) return false
  const asked = Object.entries(lock.packages)
  return (
    changedSinceLocked(root).length === 0 &&
    asked.every(([path, entry]) => isWorkspace(path) || isThere(record, path, entry))
  )
}

/** The package.json files that ask for something else than the lock file was made from, which no installation fixes. */
export function changedSinceLocked(root = ROOT) {
  const lock = readJson(join(root, 'package-lock.json'))
  if (!lock) return []
  const locked = Object.entries(lock.packages).filter(([path]) => isWorkspace(path))
  const changed = locked.filter(([path, entry]) => !isUnchanged(root, path, entry)).map(([path]) => path)
  const added = workspaceFolders(root).filter((path) => !(path in lock.packages))
  return [...changed, ...added].map((path) => join(path, 'package.json'))
}

const isWorkspace = (path) => !path.split('/').includes('node_modules')

/** Whether a package.json still asks for what the lock file was made from. */
function isUnchanged(root, path, entry) {
  const manifest = readJson(join(root, path, 'package.json'))
  return manifest !== undefined && KINDS.every((kind) => asText(manifest[kind]) === asText(entry[kind]))
}

/** Whether a package is installed in the version asked for; an optional one may be of another platform. */
function isThere(record, path, { version, optional, devOptional }) {
  const found = record.packages[path]
  return found ? found.version === version : Boolean(optional || devOptional)
}

function workspaceFolders(root) {
  return (readJson(join(root, 'package.json')).workspaces ?? []).flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern]
    const parent = pattern.slice(0, -2)
    return existsSync(join(root, parent))
      ? readdirSync(join(root, parent))
          .map((name) => `${parent}/${name}`)
          .filter((path) => existsSync(join(root, path, 'package.json')))
      : []
  })
}

function asText(dependencies = {}) {
  return JSON.stringify(Object.entries(dependencies).sort())
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
