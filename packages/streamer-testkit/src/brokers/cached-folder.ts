import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { cacheFolder } from './places'

/**
 * A folder in the cache of the user's, filled if it is not there yet: `fill` is given an empty folder, which takes its place when it has
 * been filled. Several processes may ask at once. Rejects with `PACKAGE_MISSING` where `fill` rejects.
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const cache = cacheFolder()
  const home = join(cache, name)
  if (await exists(home)) return home
  let half: string | undefined
  try {
    await mkdir(cache, { recursive: true, mode: 0o755 })
    half = await mkdtemp(`${home}.`)
    await chmod(half, 0o755)
    await fill(half)
    await takePlace(half, home)
  } catch (cause) {
    if (half) await rm(half, { recursive: true, force: true })
    throw new StreamerError('PACKAGE_MISSING', `It could not be fetched: ${firstLine((cause as Error).message)}`, {
      at: name,
      cause,
    })
  }
  return home
}

/** Another process may have filled it at the same time, and been first. */
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
