import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isInstalled } from './installed.mjs'
import { step } from './progress.mjs'
import { ROOT, npm, runNode } from './run.mjs'

const OLDEST_NODE = [20, 19]

/** Throws when this Node is too old for what follows. */
export function ensureNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw new Error(
    `Node ${OLDEST_NODE.join('.')} or newer is needed, and this is ${version}. Install a newer one from https://nodejs.org.`
  )
}

/** Installs what the lock file names, unless it is there. */
export async function ensureInstalled() {
  if (isInstalled()) return
  console.log('Installing what package-lock.json names. This takes a minute or two.')
  await step('install', () => npm(['ci', '--no-audit', '--no-fund']))
}

/** Builds the packages, then the example apps with Booster's compiler plugin. What is up to date is left alone. */
export async function ensureBuilt() {
  await step('build', () => runNode('typescript/bin/tsc', ['-b']))
  const apps = [
    'examples/blog',
    'examples/heterogeneous',
    'examples/bridge',
    'examples/contracts',
    'examples/aws',
  ].filter((app) => existsSync(join(ROOT, app, 'tsconfig.json')))
  if (apps.length > 0) await step(`build ${apps.join(', ')}`, () => runNode('ts-patch/bin/tspc.js', ['-b', ...apps]))
}
