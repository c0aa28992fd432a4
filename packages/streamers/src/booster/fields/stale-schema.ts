import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

const IN_PACKAGES = `${sep}node_modules${sep}`

/** Hashes of files that were read already, for schemas that share them. */
export type KnownHashes = Map<string, string | undefined>

/**
 * The files, of those that a class's type came from when its schema was written, that say something else now. A file that is not here says nothing, as where a service is
 * deployed without its sources. For a schema that came with a package, only the package's own files count.
 */
export function changedSources(
  schemaFile: string,
  sources: Readonly<Record<string, string>>,
  known: KnownHashes = new Map()
): string[] {
  const folder = dirname(schemaFile)
  const isInstalled = schemaFile.includes(IN_PACKAGES)
  return Object.entries(sources).flatMap(([path, hash]) => {
    if (isInstalled && path.includes('node_modules/')) return []
    const file = join(folder, path)
    if (!known.has(file)) known.set(file, hashOf(file))
    const now = known.get(file)
    return now === undefined || now === hash ? [] : [file]
  })
}

/** The same by the document beside a schema's module, which is not loaded. None where the document is not there. */
export function changedSourcesOf(schemaFile: string, known?: KnownHashes): string[] {
  const text = textOf(schemaFile.replace(/\.cjs$/, '.json'))
  if (text === undefined) return []
  return changedSources(schemaFile, (JSON.parse(text) as Document)['x-sources'] ?? {}, known)
}

interface Document {
  readonly 'x-sources'?: Readonly<Record<string, string>>
}

function hashOf(file: string): string | undefined {
  const text = textOf(file)
  return text === undefined ? undefined : createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}

/** Undefined for a file that is not there, or not to be read. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
