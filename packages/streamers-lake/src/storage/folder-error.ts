import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC:
    'The disk is full: make room. Recording goes on by itself then; nothing is acknowledged to the broker meanwhile.',
  EDQUOT: 'The quota of this user is used up: raise it, or make room.',
  EACCES: 'This user may not use the folder: change its owner or its rights, or give the lake another folder.',
  EPERM: 'This user may not do this here: change the rights, or use a file system that knows hard links.',
  EROFS: 'The file system is read-only: mount it for writing, or give the lake another folder.',
  ENOTDIR: 'A part of the path is a file: give the lake a folder.',
  EMFILE: 'This process has too many open files: raise its limit (ulimit -n).',
}

/** What the file system failed with, as an error of the lake. */
export function folderError(thrown: unknown, what: string, path: string): StreamerError {
  if (isStreamerError(thrown)) return thrown
  const { code = '' } = thrown as NodeJS.ErrnoException
  return new StreamerError('STORAGE_UNAVAILABLE', `${what} failed: ${code || String(thrown)}.`, {
    at: path,
    hint: HINTS[code] ?? 'See that the folder is there and that its disk works.',
    retryable: true,
    cause: thrown,
  })
}

/** Whether a file or folder is not there. */
export function isMissing(thrown: unknown): boolean {
  return codeOf(thrown) === 'ENOENT'
}

/** Whether a file is there already. */
export function isThere(thrown: unknown): boolean {
  return codeOf(thrown) === 'EEXIST'
}

function codeOf(thrown: unknown): unknown {
  return (thrown as NodeJS.ErrnoException | undefined)?.code
}
