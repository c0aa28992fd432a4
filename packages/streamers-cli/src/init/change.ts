import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeWhole } from '../terminal/write-whole'

/** A file as it is to be, and why. */
export interface Change {
  readonly file: string
  readonly text: string
  readonly why: string
}

/** Those that are not so yet. */
export function outstanding(changes: readonly Change[]): Change[] {
  return changes.filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text)
}

/** Writes files, each whole or not at all. */
export async function write(changes: readonly Change[]): Promise<void> {
  for (const { file, text } of changes) {
    await mkdir(dirname(file), { recursive: true })
    await writeWhole(file, text)
  }
}
