import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { folderError } from './folder-error'
import type { PinnedFiles } from './lake-storage'

/** Files that are fetched at once. */
const AT_ONCE = 4

/** Fetches files into a folder of this process's own, which only its user can read. `get` resolves with undefined where there is no such file. */
export async function fetchFiles(
  files: readonly (readonly string[])[],
  get: (path: string) => Promise<unknown>
): Promise<PinnedFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'lake-'))
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const paths = new Array<string | undefined>(files.length)
  let next = 0
  const fetchSome = async (): Promise<void> => {
    for (let at = (next += 1) - 1; at < files.length; at = (next += 1) - 1) {
      const name = join(folder, `${at}.parquet`)
      if (await fetchOne(files[at], name, get)) paths[at] = name
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, fetchSome))
  } catch (thrown) {
    await release()
    throw folderError(thrown, 'Fetching', folder)
  }
  return { folders: [folder], paths, release }
}

async function fetchOne(
  places: readonly string[],
  name: string,
  get: (path: string) => Promise<unknown>
): Promise<boolean> {
  for (const place of places) {
    const body = await get(place)
    if (!(body instanceof Readable)) continue
    await pipeline(body, createWriteStream(name, { mode: 0o600 }))
    return true
  }
  return false
}
