import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Database } from '../engine'

/** After so many more bytes in the write-ahead log, or so many milliseconds, the disk is looked at again. */
const LOOK_AFTER_BYTES = 256 * 1024
const LOOK_AFTER_MS = 1_000
/** Below this there is no room for a few pages and an index of the log. */
const NO_ROOM_BYTES = 128 * 1024

/** Bytes that this user may still write to the disk that a path is on. */
function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path))
  return bavail * bsize
}

/** Whether a disk that answers with an error has no room. */
export function isDiskFull(path: string): boolean {
  try {
    return freeBytes(path) < NO_ROOM_BYTES
  } catch {
    return false
  }
}

/**
 * Copies the write-ahead log into the file and gives its room back. False where a reader of another process, or a disk without room for
 * what is to be copied, keeps it from being done; then nothing is lost, and it may be tried again.
 */
export function emptyLog(database: Database): boolean {
  try {
    return Number(database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()[0].busy) === 0
  } catch {
    return false
  }
}

/**
 * Empties the write-ahead log before it takes the room that copying it into the file needs: a log that has filled the disk could never be
 * copied, however little of it is new.
 */
export class DiskSpace {
  private lookedAt = Number.NEGATIVE_INFINITY
  private logBytes = 0

  public constructor(
    private readonly database: Database,
    private readonly path: string
  ) {}

  /** To be called after a commit, with the length of the log. */
  public afterCommit(logBytes: number): void {
    const now = performance.now()
    if (logBytes - this.logBytes < LOOK_AFTER_BYTES && now - this.lookedAt < LOOK_AFTER_MS) return
    this.lookedAt = now
    this.logBytes = logBytes
    if (logBytes > 0 && freeBytes(this.path) < 2 * logBytes && emptyLog(this.database)) this.logBytes = 0
  }
}
