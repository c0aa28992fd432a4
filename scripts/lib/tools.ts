import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './run'

/** They have a lock file of their own: they are many, and no package or example needs them. */
const MANIFEST = join(ROOT, 'scripts/tools')
const OPTIONS = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--silent']

/**
 * The `node_modules` with the tools of the documentation and of the check of its words. What the lock file names is installed once for all
 * checkouts. Rejects with what npm said.
 */
export async function tools(): Promise<string> {
  const list = join(MANIFEST, 'package-lock.json')
  // The packages are built by then, and not yet when this file is loaded.
  const { cachedFolder } = await import('@boostercloud/dev-brokers')
  const folder = await cachedFolder('tools', list, async (draft) => {
    for (const name of ['package.json', 'package-lock.json']) await cp(join(MANIFEST, name), join(draft, name))
    await promisify(execFile)('npm', ['ci', ...OPTIONS], { cwd: draft, shell: process.platform === 'win32' })
  })
  return join(folder, 'node_modules')
}
