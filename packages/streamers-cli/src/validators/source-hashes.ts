import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'

/** Hashes of files (SHA-256 of their text, whatever ends its lines) by their paths from another file. */
export function sourceHashes(files: readonly string[], from: string): Record<string, string> {
  const folder = dirname(from)
  return Object.fromEntries(
    files.map((file) => [relative(folder, file).replaceAll('\\', '/'), hashOf(readFileSync(file, 'utf8'))])
  )
}

/** One hash for all of them. */
export function hashOfAll(hashes: Readonly<Record<string, string>>): string {
  return hashOf(JSON.stringify(Object.entries(hashes).sort(([one], [other]) => (one < other ? -1 : 1))))
}

function hashOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}
