import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StreamerError } from '@boostercloud/streamer-connector'

/** Where the lists are: beside `src` and `dist`. */
const FOLDER = join(__dirname, '..', '..', 'checksums')
const LINE = /^([0-9a-f]{64}|[0-9a-f]{128}) {2}(\S.*)$/

/** The checksums of a download's files: what they were when its version was chosen, kept with this package. */
export interface Checksums {
  /** Where they are written down. */
  readonly file: string
  /** By the name of each file: SHA-256 or SHA-512, in hexadecimal digits. */
  readonly byFile: ReadonlyMap<string, string>
}

/** The path of a list of this package. */
export function checksumList(name: string): string {
  return join(FOLDER, name)
}

/** A list as `sha256sum` and `sha512sum` write it. */
export async function readChecksums(file: string): Promise<Checksums> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  return { file, byFile: new Map(lines.map((line) => entryOf(line, file))) }
}

function entryOf(line: string, file: string): readonly [string, string] {
  const [, checksum, name] = LINE.exec(line) ?? []
  if (!checksum) throw new StreamerError('STORAGE_DAMAGED', 'A line is not a checksum and a name.', { at: file })
  return [name, checksum]
}

/**
 * Rejects with `CHECKSUM_MISMATCH` where a file is not the one of the list, or is none of the list's; `from` is who fetched it, and how to get it
 * from elsewhere.
 */
export async function checkFile(path: string, { byFile, file: list }: Checksums, from: string): Promise<void> {
  const name = basename(path)
  const expected = byFile.get(name)
  const got = await checksumOf(path, expected?.length === 128 ? 'sha512' : 'sha256')
  if (expected !== got)
    throw mismatch({ file: name, expected: expected ?? `none: ${basename(list)} does not name it`, got, from })
}

/** SHA-256 or SHA-512 of what is in a file, in hexadecimal digits. */
export async function checksumOf(path: string, algorithm: 'sha256' | 'sha512' = 'sha256'): Promise<string> {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** What a refusal says. */
export interface Mismatch {
  readonly file: string
  readonly expected: string
  readonly got: string
  /** An imperative sentence: where to look. */
  readonly from: string
}

/** The refusal of a file that is not what it was when its version was chosen. */
export function mismatch({ file, expected, got, from }: Mismatch): StreamerError {
  return new StreamerError(
    'CHECKSUM_MISMATCH',
    `A downloaded file is not the expected one. Expected checksum: ${expected}. Got: ${got}. It was not kept or run.`,
    { at: file, hint: from }
  )
}
