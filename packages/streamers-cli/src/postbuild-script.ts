import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { noApp } from './app'

/** What is to run after each build. */
export const POSTBUILD = 'boost-streamers schemas'

/**
 * Adds what is to run after each build to a folder's package.json, after what runs there already; resolves with whether it was missing. Everything else of the file stays as it
 * is, its indentation too. Rejects with `OPTION_INVALID` where there is none, or none that is JSON.
 */
export async function addPostbuild(folder: string): Promise<boolean> {
  const file = join(folder, 'package.json')
  const text = await readFile(file, 'utf8').catch(() => {
    throw noApp(folder)
  })
  const manifest = parsed(text, file)
  const { postbuild } = manifest.scripts ?? {}
  if (postbuild?.includes(POSTBUILD)) return false
  const scripts = { ...manifest.scripts, postbuild: postbuild ? `${postbuild} && ${POSTBUILD}` : POSTBUILD }
  const indent = /^\{\r?\n([\t ]+)/.exec(text)?.[1] ?? 2
  await writeFile(file, `${JSON.stringify({ ...manifest, scripts }, undefined, indent)}\n`)
  return true
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>
}

function parsed(text: string, at: string): Manifest {
  try {
    return JSON.parse(text) as Manifest
  } catch (cause) {
    throw new StreamerError('OPTION_INVALID', 'The package.json is no JSON.', { at, hint: 'Fix it.', cause })
  }
}
