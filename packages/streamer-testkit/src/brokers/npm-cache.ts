import { join } from 'node:path'
import { cachedFolder } from './cached-folder'
import { runToEnd } from './run'

/**
 * The folder of an npm package of that exact version in the cache of the user's, installed if it is not there yet. `complete` is called
 * once, before the folder takes its place. Rejects with `PACKAGE_MISSING` where it can't be had.
 */
export async function cachedPackage(
  name: string,
  version: string,
  complete: (folder: string) => Promise<void>
): Promise<string> {
  const home = await cachedFolder(`${name.replaceAll('/', '+')}@${version}`, async (folder) => {
    const options = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
    await runToEnd({ file: 'npm', args: ['install', ...options, `${name}@${version}`] }, { cwd: folder })
    await complete(join(folder, 'node_modules', name))
  })
  return join(home, 'node_modules', name)
}
