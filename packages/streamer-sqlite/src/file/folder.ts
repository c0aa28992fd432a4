import { mkdir, readFile, stat, statfs } from 'node:fs/promises'
import { closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { fileSystemError } from '../storage-error'

/** Linux's numbers for NFS, SMB, CIFS and SMB2 (statfs(2), `f_type`). */
const NETWORK_FILE_SYSTEMS = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42])

/** One page of the smallest size there is; SQLite itself takes what is shorter for a new file. */
const SMALLEST_BYTES = 512

/** What every SQLite file starts with (https://sqlite.org/fileformat2.html §1.2). */
const MAGIC = 'SQLite format 3\0'

/** Whether a file system's type is one whose locks do not hold between machines. */
export function isNetworkFileSystem(type: number): boolean {
  return NETWORK_FILE_SYSTEMS.has(type % 0x1_0000_0000)
}

/** Makes sure of the folder (missing ones are made for their owner alone) and of a file in it. Rejects with `STORAGE_…`. */
export async function prepareFile(path: string, purpose: string): Promise<void> {
  const folder = dirname(path)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await refuseNetwork(folder, purpose)
    createFile(path)
    await refuseWhatIsNoFile(path, purpose)
  } catch (thrown) {
    throw fileSystemError(thrown, path, purpose)
  }
}

/**
 * Makes the file readable for its owner alone; SQLite gives its companions the same rights. An existing file is never opened here:
 * closing a second descriptor would drop the locks that SQLite holds on it in this process (https://sqlite.org/howtocorrupt.html §2.2).
 */
function createFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
  }
}

async function refuseNetwork(folder: string, purpose: string): Promise<void> {
  if (process.platform !== 'linux') return
  const { type } = await statfs(folder)
  if (!isNetworkFileSystem(type)) return
  throw new StreamerError(
    'STORAGE_UNAVAILABLE',
    `The file of ${purpose} is on a network file system, whose locks are not reliable.`,
    {
      at: folder,
      hint: 'Choose a path on a disk of this machine.',
    }
  )
}

async function refuseWhatIsNoFile(path: string, purpose: string): Promise<void> {
  // In this order: where another process is just making both, the file has content before its log has.
  const hasLog = await hasContent(`${path}-wal`)
  const found = await stat(path)
  if (!found.isFile()) {
    throw new StreamerError(
      'STORAGE_UNAVAILABLE',
      `There is ${found.isDirectory() ? 'a folder' : 'no plain file'} where the file of ${purpose} belongs.`,
      {
        at: path,
        hint: 'Choose another path.',
      }
    )
  }
  if (found.size === 0 ? !hasLog : found.size >= SMALLEST_BYTES) return
  // Too short for any connection of this process to hold a lock on it, so it may be opened and closed here.
  const content = found.size === 0 ? MAGIC : await readFile(path, 'latin1')
  if (!content.startsWith(MAGIC.slice(0, content.length))) {
    throw new StreamerError('STORAGE_FOREIGN', `The file of ${purpose} is not a SQLite file.`, {
      at: path,
      hint: 'Nothing was changed. Choose another path, or move the file away.',
    })
  }
  throw new StreamerError('STORAGE_DAMAGED', `The file of ${purpose} is cut off.`, {
    at: path,
    hint: 'Nothing was changed. Restore it from a backup, or move it and its -wal file away to start with an empty one.',
  })
}

async function hasContent(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw thrown
  }
}
