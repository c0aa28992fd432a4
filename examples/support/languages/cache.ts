import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ROOT } from '../workspace'

const CACHE = join(ROOT, '.cache/heterogeneous')

/**
 * A folder that `build` has filled once for these sources (files and folders) and this tool: where one of them changes, another folder. What is broken off
 * leaves nothing behind that would be taken for whole.
 */
export async function cached(
  name: string,
  { sources, tool }: { readonly sources: readonly string[]; readonly tool: string },
  build: (folder: string) => Promise<unknown>
): Promise<string> {
  const folder = join(CACHE, `${name}-${hashOf(sources, tool)}`)
  if (existsSync(folder)) return folder
  const unfinished = join(CACHE, `unfinished-${name}-${randomUUID()}`)
  mkdirSync(unfinished, { recursive: true })
  try {
    await build(unfinished)
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    // Another process may have been faster.
    if (!existsSync(folder)) throw error
  }
  return folder
}

function hashOf(sources: readonly string[], tool: string): string {
  const hash = createHash('sha256').update(tool)
  for (const file of sources.flatMap(filesOf)) {
    hash.update(`\0${relative(ROOT, file)}\0`)
    hash.update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 16)
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)))
}
