import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from './folder-error'
import type { PinnedFiles } from './lake-storage'

/** Where files of a folder are pinned: below the lake, because a hard link stays within its file system. */
export const PINS = 'pins'

/** What says that a file system, or this user, makes no hard links. */
const NO_LINKS: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'EXDEV', 'ENOTSUP', 'EMLINK'])

/**
 * Pins files of a lake in a folder by hard links, which keep their bytes. Who may not write there has the files as they are: they stay for a while after they were
 * replaced.
 */
export async function pinFiles(lake: string, files: readonly (readonly string[])[]): Promise<PinnedFiles> {
  const folder = join(lake, PINS, randomUUID())
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true })
  let links = await attempted(() => mkdir(folder, { recursive: true, mode: 0o700 }))
  const paths: (string | undefined)[] = []
  try {
    for (const places of files) {
      const name = join(folder, `${paths.length}.parquet`)
      const sources = places.map((place) => join(lake, place))
      const pinned = links ? await linked(sources, name) : 'unlinkable'
      if (pinned === 'unlinkable') links = false
      paths.push(pinned === 'linked' ? name : pinned === 'missing' ? undefined : await existing(sources))
    }
  } catch (thrown) {
    await release()
    throw thrown
  }
  return { folders: [folder, join(lake, 'segments'), join(lake, 'drafts'), join(lake, 'retired')], paths, release }
}

/** Removes pins of processes that died. */
export async function removePins(lake: string, olderThanMs: number): Promise<void> {
  for (const name of await namesIn(join(lake, PINS))) {
    const path = join(lake, PINS, name)
    const age = await stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs, notThere)
    if (age !== undefined && age >= olderThanMs) await rm(path, { recursive: true, force: true })
  }
}

async function linked(sources: readonly string[], name: string): Promise<'linked' | 'missing' | 'unlinkable'> {
  for (const source of sources) {
    try {
      await link(source, name)
      return 'linked'
    } catch (thrown) {
      if (isUnlinkable(thrown)) return 'unlinkable'
      if (!isMissing(thrown)) throw thrown
    }
  }
  return 'missing'
}

async function existing(sources: readonly string[]): Promise<string | undefined> {
  for (const source of sources) if ((await stat(source).catch(notThere)) !== undefined) return source
  return undefined
}

/** Whether it can be done here. */
async function attempted(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (thrown) {
    if (isUnlinkable(thrown)) return false
    throw thrown
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(notThere)) ?? []
}

function isUnlinkable(thrown: unknown): boolean {
  return NO_LINKS.has((thrown as NodeJS.ErrnoException | undefined)?.code)
}

function notThere(thrown: unknown): undefined {
  if (!isMissing(thrown)) throw thrown
}
