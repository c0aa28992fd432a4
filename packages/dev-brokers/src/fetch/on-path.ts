import { delimiter, join } from 'node:path'
import { exists } from './cached-folder'

/** The folder of the search path that has a program; undefined where none has it. */
export async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && (await exists(join(folder, program)))) return folder
  }
  return undefined
}
