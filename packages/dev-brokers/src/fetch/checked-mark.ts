import { lstat, readFile, readdir, readlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { checksumOf } from './checksums'

/** A file's size, when it was last written, and its checksum. Of a link, the checksum is where it leads. */
type Seen = readonly [size: number, writtenAt: number, checksum: string]

const MARK = '.checked.json'

/** Certificates that Python's programs trust: where a network has an authority of its own, its tools add it to every copy that they find. Nothing of it is run. */
const WRITTEN_BY_OTHERS = join('certifi', 'cacert.pem')

/** What in a folder is not as it was when it was marked. */
export interface Change {
  readonly file: string
  readonly expected: string
  readonly got: string
}

/** Writes down what is in a folder whose files have been checked. */
export async function markChecked(folder: string): Promise<void> {
  const seen: Record<string, Seen> = {}
  for (const file of await filesOf(folder)) {
    const path = join(folder, file)
    const { size, mtimeMs } = await lstat(path)
    seen[file] = [size, mtimeMs, await contentOf(path)]
  }
  await writeFile(join(folder, MARK), JSON.stringify(seen))
}

/**
 * The first file that is not as it was marked; undefined where all are. A file of the size and the time that were marked is not read again, so that
 * this takes a look at each file and no more.
 */
export async function changeSinceChecked(folder: string): Promise<Change | undefined> {
  const marked = await readMark(folder)
  if (!marked) return { file: MARK, expected: 'a list of what was checked', got: 'none' }
  const there = new Set(await filesOf(folder))
  for (const file of there) {
    const seen = marked.get(file)
    if (!seen) return { file, expected: 'none: it was not there', got: await contentOf(join(folder, file)) }
    const got = await unlessAsSeen(join(folder, file), seen)
    if (got !== undefined) return { file, expected: seen[2], got }
  }
  const gone = [...marked].find(([file]) => !there.has(file))
  return gone && { file: gone[0], expected: gone[1][2], got: 'none: it is gone' }
}

async function unlessAsSeen(path: string, [size, writtenAt, checksum]: Seen): Promise<string | undefined> {
  const { size: nowSize, mtimeMs } = await lstat(path)
  if (nowSize === size && mtimeMs === writtenAt) return undefined
  const got = await contentOf(path)
  return got === checksum ? undefined : got
}

async function contentOf(path: string): Promise<string> {
  const { mode } = await lstat(path)
  return (mode & 0o170000) === 0o120000 ? `-> ${await readlink(path)}` : checksumOf(path)
}

/** Undefined where there is none that can be read. */
async function readMark(folder: string): Promise<Map<string, Seen> | undefined> {
  try {
    const seen = JSON.parse(await readFile(join(folder, MARK), 'utf8')) as Record<string, Seen>
    return new Map(Object.entries(seen).filter(([file]) => isOurs(file)))
  } catch {
    return undefined
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter(isOurs)
    .sort()
}

function isOurs(file: string): boolean {
  return file !== MARK && !file.endsWith(WRITTEN_BY_OTHERS)
}
