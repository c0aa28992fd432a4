import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerErrorCode } from '@boostercloud/streamer-connector'
import { isDiskFull } from './file/disk-space'

interface Meaning {
  readonly code: StreamerErrorCode
  readonly what: string
  readonly hint: string
  readonly retryable?: boolean
}

const RIGHTS = 'Give this user the right to read and write the file and its folder, or choose another path.'

const BUSY: Meaning = {
  code: 'STORAGE_BUSY',
  what: 'is locked by another process',
  hint: 'Try again, or find the process that keeps a transaction open on it.',
  retryable: true,
}
const DAMAGED: Meaning = {
  code: 'STORAGE_DAMAGED',
  what: 'is damaged',
  hint: 'Nothing was changed. Restore it from a backup, or move it and its -wal file away to start with an empty one.',
}
const UNREADABLE: Meaning = {
  code: 'STORAGE_FOREIGN',
  what: 'is not a SQLite file, or its first page is overwritten',
  hint: 'Nothing was changed. Choose another path, or move the file away.',
}
const NO_RIGHTS: Meaning = { code: 'STORAGE_UNAVAILABLE', what: 'cannot be read and written', hint: RIGHTS }
const READ_ONLY: Meaning = { code: 'STORAGE_UNAVAILABLE', what: 'cannot be written', hint: RIGHTS }
const UNOPENABLE: Meaning = { code: 'STORAGE_UNAVAILABLE', what: 'cannot be opened', hint: RIGHTS }
const FAILING: Meaning = {
  code: 'STORAGE_UNAVAILABLE',
  what: 'cannot be read or written: the disk answers with an error',
  hint: 'Check the disk and the limits of this process.',
  retryable: true,
}
const FULL: Meaning = {
  code: 'STORAGE_UNAVAILABLE',
  what: 'cannot grow: the disk is full',
  hint: 'Free some space on it. The service then continues without a restart.',
  retryable: true,
}

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that tell of the file and not of the statement. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  3: NO_RIGHTS,
  5: BUSY,
  6: BUSY,
  8: READ_ONLY,
  10: FAILING,
  11: DAMAGED,
  13: FULL,
  14: UNOPENABLE,
  23: NO_RIGHTS,
  26: UNREADABLE,
}

/** The engines leave the code out in some paths; SQLite's words for it are fixed (`sqlite3_errstr`). */
const CODES_BY_MESSAGE: readonly (readonly [RegExp, number])[] = [
  [/database (table )?is locked/i, 5],
  [/readonly database/i, 8],
  [/disk I\/O error/i, 10],
  [/disk image is malformed/i, 11],
  [/database or disk is full/i, 13],
  [/unable to open database file/i, 14],
  [/file is not a database/i, 26],
]

/** Whether another process or connection has the lock. */
export function isBusy(thrown: unknown): boolean {
  return isStreamerError(thrown, 'STORAGE_BUSY') || meaningOf(thrown) === BUSY
}

/** Whether the disk has no room for what was written. */
export function isFull(thrown: unknown, path: string): boolean {
  const meaning = meaningOf(thrown)
  return meaning === FULL || (meaning === FAILING && isDiskFull(path))
}

/**
 * Something thrown by the engine as a `STORAGE_…` error that names the file. What tells of the statement (its syntax, a constraint,
 * a parameter) is the caller's own and comes back unchanged.
 */
export function storageError(thrown: unknown, path: string, purpose: string): unknown {
  if (isStreamerError(thrown)) return thrown
  const meaning = isFull(thrown, path) ? FULL : meaningOf(thrown)
  return meaning === undefined ? thrown : errorOf(meaning, path, purpose, thrown)
}

/** The disk has no room for what is to be written next. */
export function fullError(path: string, purpose: string): StreamerError {
  return errorOf(FULL, path, purpose)
}

function errorOf(
  { code, what, hint, retryable }: Meaning,
  path: string,
  purpose: string,
  cause?: unknown
): StreamerError {
  return new StreamerError(code, `The file of ${purpose} ${what}.`, { at: path, hint, retryable, cause })
}

/** Something thrown by the file system, as `STORAGE_UNAVAILABLE`. */
export function fileSystemError(
  thrown: unknown,
  path: string,
  purpose: string,
  what: 'made' | 'looked at' = 'made'
): StreamerError {
  if (isStreamerError(thrown)) return thrown
  const { code, message } = thrown as NodeJS.ErrnoException
  return new StreamerError('STORAGE_UNAVAILABLE', `The file of ${purpose} cannot be ${what}: ${message}.`, {
    at: path,
    hint: code === 'ENOSPC' ? FULL.hint : 'Choose a path in a folder that this user can write.',
    cause: thrown,
  })
}

function meaningOf(thrown: unknown): Meaning | undefined {
  const { code, errcode, message } = (thrown ?? {}) as { code?: unknown; errcode?: unknown; message?: unknown }
  if (code !== 'ERR_SQLITE_ERROR') return undefined
  if (typeof errcode === 'number') return MEANINGS[errcode & 0xff]
  const known = CODES_BY_MESSAGE.find(([words]) => words.test(String(message)))
  return known && MEANINGS[known[1]]
}
