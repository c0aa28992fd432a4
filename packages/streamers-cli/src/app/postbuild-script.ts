import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noApp } from './app'
import { withPostbuild } from './manifest'

/**
 * Adds what is to run after each build to a folder's package.json, after what runs there already; resolves with whether it was missing. Everything else of the file stays as it
 * is, its indentation too. Rejects with `OPTION_INVALID` where there is none, or none that is JSON.
 */
export async function addPostbuild(folder: string): Promise<boolean> {
  const file = join(folder, 'package.json')
  const text = await readFile(file, 'utf8').catch(() => {
    throw noApp(folder)
  })
  const changed = withPostbuild(text, file)
  if (changed === text) return false
  await writeFile(file, changed)
  return true
}
