import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { cacheFolder } from './places'
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
  const cache = cacheFolder()
  const home = join(cache, `${name.replaceAll('/', '+')}@${version}`)
  const folder = join(home, 'node_modules', name)
  if (await exists(folder)) return folder
  try {
    await mkdir(cache, { recursive: true, mode: 0o755 })
    const half = await mkdtemp(`${home}.`)
    await chmod(half, 0o755)
    const options = ['--prefix', half, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
    await runToEnd({ file: 'npm', args: ['install', ...options, `${name}@${version}`] }, { cwd: half })
    await complete(join(half, 'node_modules', name))
    await takePlace(half, home)
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', `npm could not fetch it: ${firstLine((cause as Error).message)}`, {
      at: `${name}@${version}`,
      cause,
    })
  }
  return folder
}

/** Another process may have fetched it at the same time, and been first. */
async function takePlace(half: string, home: string): Promise<void> {
  try {
    await rename(half, home)
  } catch (thrown) {
    await rm(half, { recursive: true, force: true })
    if (!(await exists(home))) throw thrown
  }
}

/** Whether there is something at a path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  )
}

function firstLine(text: string): string {
  return text.split('\n', 2).join(' ')
}
