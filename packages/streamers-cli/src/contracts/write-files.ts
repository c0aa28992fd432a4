import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { writeWhole } from '../terminal/write-whole'
import { MARK } from './event-file'
import type { EventFile } from './event-file'

/** What becomes of a file. */
export interface FileChange {
  readonly file: EventFile
  readonly path: string
  readonly change: 'new' | 'changed' | 'unchanged'
}

/** How files differ from those in a folder. Rejects with `OPTION_INVALID` for one that is there and that we have not written. */
export async function changesIn(folder: string, files: readonly EventFile[]): Promise<FileChange[]> {
  const twice = files.find(({ name }, index) => files.findIndex((other) => other.name === name) !== index)
  if (twice) throw occupied(`Two classes would be written into ${twice.name}`, twice.className)
  return Promise.all(
    files.map(async (file) => {
      const path = join(folder, file.name)
      const there = await readIfThere(path)
      if (there === undefined) return { file, path, change: 'new' as const }
      if (!there.startsWith(MARK)) throw occupied('There is a file that pull did not write', path)
      return { file, path, change: there === file.text ? ('unchanged' as const) : ('changed' as const) }
    })
  )
}

/** Writes what is new or changed; each file whole or not at all. */
export async function writeChanges(folder: string, changes: readonly FileChange[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { file, path, change } of changes) {
    if (change === 'unchanged') continue
    await writeWhole(path, file.text)
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function occupied(what: string, at: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `${what}.`, {
    at,
    hint: 'Choose another folder with --out, or move the file.',
  })
}
