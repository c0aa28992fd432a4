import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, readdir, stat, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { folderError, isMissing, isThere } from './folder-error'
import type { LakeStorage, PinnedFiles, StoredFile, StoredName } from './lake-storage'
import { PINS, pinFiles, removePins } from './pinned-files'

/** Where files are written before they get their names. */
const UNNAMED = 'unnamed'
/** What a process may leave that dies while it makes a lake. */
const OWN = new Set([UNNAMED, PINS, 'lake.json'])

/**
 * A lake in a folder of this machine. Files are readable by their owner only (0600, folders 0700). A file gets its name by a hard link, once it is
 * written and synced, so that no name ever leads to half a file, and two processes cannot both create one.
 */
export class FolderStorage implements LakeStorage {
  public readonly place: string
  private readonly known = new Set<string>()

  public constructor(path: string) {
    this.place = resolve(path)
  }

  public async create(path: string, bytes: Uint8Array): Promise<boolean> {
    return this.attempt('Writing', path, async (target) => {
      const unnamed = join(this.place, UNNAMED, randomUUID())
      await this.need(dirname(unnamed))
      await this.need(dirname(target))
      try {
        await writeSynced(unnamed, bytes)
        return await named(unnamed, target)
      } finally {
        // What stays is removed by `tidy`.
        await unlink(unnamed).catch(() => undefined)
      }
    })
  }

  public async read(path: string): Promise<Uint8Array | undefined> {
    return this.attempt('Reading', path, (target) => unlessMissing(readFile(target)))
  }

  public async open(path: string): Promise<StoredFile | undefined> {
    return this.attempt('Opening', path, async (target) => {
      const handle = await unlessMissing(open(target, 'r'))
      return handle && new OpenFile(handle, (await handle.stat()).size, target)
    })
  }

  public async list(folder: string): Promise<StoredName[]> {
    return this.attempt('Listing', folder, async (target) => {
      const entries = (await unlessMissing(readdir(target, { withFileTypes: true }))) ?? []
      const below = await Promise.all(
        entries.map(async (entry) => {
          const path = `${folder}/${entry.name}`
          if (entry.isDirectory()) return this.list(path)
          const found = await unlessMissing(stat(join(this.place, path)))
          return found?.isFile() ? [{ path, bytes: found.size, modifiedAt: found.mtime }] : []
        })
      )
      return below.flat()
    })
  }

  public async move(from: string, to: string): Promise<boolean> {
    return this.attempt('Moving', to, async (target) => {
      await this.need(dirname(target))
      const source = join(this.place, from)
      try {
        await named(source, target)
      } catch (thrown) {
        if (!isMissing(thrown)) throw thrown
        // Another process may have moved it meanwhile.
        return (await unlessMissing(stat(target))) !== undefined
      }
      await unlessMissing(unlink(source))
      return true
    })
  }

  public async pin(files: readonly (readonly string[])[]): Promise<PinnedFiles> {
    return this.attempt('Reading', PINS, () => pinFiles(this.place, files))
  }

  public async unpin(): Promise<void> {
    await this.attempt('Removing', PINS, () => removePins(this.place, 0))
  }

  public async remove(path: string): Promise<void> {
    await this.attempt('Removing', path, (target) => unlessMissing(unlink(target)))
  }

  public async tidy(olderThanMs: number): Promise<void> {
    await this.attempt('Removing', PINS, () => removePins(this.place, olderThanMs))
    for (const { path, modifiedAt } of await this.list(UNNAMED))
      if (Date.now() - modifiedAt.getTime() > olderThanMs) await this.remove(path)
  }

  public async isForeign(): Promise<boolean> {
    return this.attempt('Looking at', '.', async (target) => {
      const names = (await unlessMissing(readdir(target))) ?? []
      return names.some((name) => !OWN.has(name))
    })
  }

  public async close(): Promise<void> {
    await Promise.resolve()
  }

  private async need(folder: string): Promise<void> {
    if (this.known.has(folder)) return
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    // Every folder that was made is a name in the one above it.
    if (made !== undefined)
      for (let path = folder; path.length >= made.length; path = dirname(path)) await syncFolder(dirname(path))
    this.known.add(folder)
  }

  private async attempt<T>(what: string, path: string, work: (target: string) => Promise<T>): Promise<T> {
    const target = join(this.place, path)
    try {
      return await work(target)
    } catch (thrown) {
      // Somebody may have removed a folder.
      this.known.clear()
      throw folderError(thrown, what, target)
    }
  }
}

class OpenFile implements StoredFile {
  public constructor(
    private readonly handle: FileHandle,
    public readonly bytes: number,
    private readonly path: string
  ) {}

  public async slice(start: number, end: number): Promise<Uint8Array> {
    const bytes = Buffer.alloc(Math.max(0, Math.min(end, this.bytes) - start))
    try {
      const { bytesRead } = await this.handle.read(bytes, 0, bytes.length, start)
      return bytes.subarray(0, bytesRead)
    } catch (thrown) {
      throw folderError(thrown, 'Reading', this.path)
    }
  }

  public async close(): Promise<void> {
    await this.handle.close()
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Gives a file another name beside the one it has, durably. False where another file has that name. */
async function named(path: string, name: string): Promise<boolean> {
  try {
    await link(path, name)
  } catch (thrown) {
    if (isThere(thrown)) return false
    throw thrown
  }
  await syncFolder(dirname(name))
  return true
}

/** A name is durable when its folder is synced. Windows has no such thing, and syncs names by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}
