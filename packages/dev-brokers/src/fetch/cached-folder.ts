import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import { changeSinceChecked, markChecked } from './checked-mark'
import { checksumOf, mismatch } from './checksums'
import { cacheFolder } from '../places'

/**
 * A folder in the cache of the user's, filled if it is not there yet: `fill` is given an empty folder, which takes its place when it has
 * been filled. `list` is the file of checksums by which `fill` checks what it fetched: by another list it is filled anew. Several processes may ask at
 * once. Rejects with `CHECKSUM_MISMATCH` where `fill` does, and where something in the folder has changed since it was filled, and leaves nothing of it;
 * with `PACKAGE_MISSING` where `fill` rejects with anything else.
 * @internal
 */
export async function cachedFolder(
  name: string,
  list: string,
  fill: (folder: string) => Promise<void>
): Promise<string> {
  const cache = cacheFolder()
  const home = join(cache, `${name}-${(await checksumOf(list)).slice(0, 8)}`)
  if (await exists(home)) return unchanged(home)
  let half: string | undefined
  try {
    await mkdir(cache, { recursive: true, mode: 0o755 })
    half = await mkdtemp(`${home}.`)
    await chmod(half, 0o755)
    await fill(half)
    await markChecked(half)
    await takePlace(half, home)
  } catch (cause) {
    if (half) await rm(half, { recursive: true, force: true })
    if (isStreamerError(cause, 'CHECKSUM_MISMATCH')) throw cause
    throw new StreamerError('PACKAGE_MISSING', `It could not be fetched: ${firstLine((cause as Error).message)}`, {
      at: name,
      cause,
    })
  }
  return home
}

async function unchanged(home: string): Promise<string> {
  const change = await changeSinceChecked(home)
  if (!change) return home
  await rm(home, { recursive: true, force: true })
  const from = 'The folder was removed, and is downloaded again the next time. Find out what else writes to it.'
  throw mismatch({ ...change, file: join(home, change.file), from })
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
