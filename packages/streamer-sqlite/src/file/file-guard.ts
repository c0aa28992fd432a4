import { closeSync, openSync, readSync } from 'node:fs'
import { endianness } from 'node:os'
import { StreamerError } from '@boostercloud/streamer-connector'
import { emptyLog } from './disk-space'
import type { Database } from '../engine'
import { IdentityToken } from './identity-token'
import { RawFile, isSameFile, statOf } from './raw-file'
import type { FileStat } from './raw-file'

/** What a SQLite file starts with (https://sqlite.org/fileformat2.html §1.2). */
const MAGIC = 'SQLite format 3\0'
/** What a write-ahead log starts with, but for its last bit (§4.1). */
const LOG_MAGIC = 0x377f0682
/** The index of the log begins with this (https://sqlite.org/walformat.html §2.1); its numbers are in the order of the machine. */
const INDEX_HEADER_BYTES = 48
const SPOILED_LOG = 'has a write-ahead log that was overwritten or cut off'
/** Milliseconds for which the bytes on the disk are not looked at again. */
const LOOK_EVERY_MS = 200
/** A file that is just being written to by SQLite may look wrong for an instant. */
const TRIES = 3

type Suffix = '' | '-wal' | '-shm'

/**
 * Sees whether an open file is still the one at its path, with its own content: SQLite goes on with what it has open, also when it was
 * deleted, replaced, cut off or overwritten, and all that it answers then is gone at the next start.
 */
export class FileGuard {
  private readonly raw: RawFile
  private readonly index: RawFile
  private readonly token: IdentityToken
  private readonly own: Readonly<Record<Suffix, FileStat | undefined>>
  private mainSize = 0
  private mainWrittenAt = 0
  private logSize = 0
  private lookedAt = Number.NEGATIVE_INFINITY
  private spoiled?: StreamerError

  /** To be made of a file that was just opened, and written to. */
  public constructor(
    private readonly database: Database,
    private readonly path: string,
    private readonly purpose: string
  ) {
    this.own = { '': statOf(path), '-wal': statOf(`${path}-wal`), '-shm': statOf(`${path}-shm`) }
    this.raw = RawFile.open(path)
    this.index = RawFile.open(`${path}-shm`)
    this.token = new IdentityToken(database)
  }

  /** Bytes of the write-ahead log when it was last looked at. */
  public get logBytes(): number {
    return this.logSize
  }

  /** Whether the file itself is no longer at its path. */
  public get isMoved(): boolean {
    return this.isNoLongerIn('')
  }

  /** Whether SQLite may close the file. Where the file itself is gone from the path, it sees by itself that there is nothing to do. */
  public mayClose(): boolean {
    if (this.isMoved) return true
    if (this.isReplaced('-wal') || this.isReplaced('-shm')) return false
    try {
      this.check()
    } catch {
      return this.spoiled === undefined
    }
    return true
  }

  /** Throws `STORAGE_UNAVAILABLE` where a file is not at its place, until it is back; and `STORAGE_DAMAGED` for good where one was changed. */
  public check(): void {
    this.checkSizes()
    this.checkContents()
  }

  /** The same, but looks at the contents only where the file itself was written to, or a while has gone by. */
  public checkSome(): void {
    const isWritten = this.checkSizes()
    if (isWritten || performance.now() - this.lookedAt > LOOK_EVERY_MS) this.checkContents()
  }

  /** The same, unless it was done a while ago. */
  public checkIfDue(): void {
    if (performance.now() - this.lookedAt > LOOK_EVERY_MS) this.check()
  }

  /** To be called after SQLite has closed the file. */
  public close(): void {
    this.raw.close()
    this.index.close()
  }

  /** Whether the file itself was written to since: SQLite does so only when it copies its log. */
  private checkSizes(): boolean {
    if (this.spoiled) throw this.spoiled
    const { lookedAt } = this
    this.lookedAt = Number.NEGATIVE_INFINITY
    const main = statOf(this.path)
    const log = statOf(`${this.path}-wal`)
    if (!main || !isSameFile(main, this.own[''])) throw this.gone('', main)
    if (!log || !isSameFile(log, this.own['-wal'])) throw this.gone('-wal', log)
    if (main.size < this.mainSize || log.size < this.logSize) this.checkShrunk(main)
    const isWritten = main.mtimeMs !== this.mainWrittenAt
    this.mainSize = main.size
    this.mainWrittenAt = main.mtimeMs
    this.logSize = log.size
    this.lookedAt = lookedAt
    return isWritten
  }

  private checkContents(): void {
    // Where something is wrong, it is looked for again at once.
    this.lookedAt = Number.NEGATIVE_INFINITY
    const index = statOf(`${this.path}-shm`)
    if (!isSameFile(index, this.own['-shm'])) throw this.gone('-shm', index)
    if (!holds(() => this.hasOwnContent())) throw this.spoil('was overwritten by something else')
    if (!holds(() => this.hasOwnLog())) throw this.spoil(SPOILED_LOG)
    this.lookedAt = performance.now()
  }

  private isNoLongerIn(suffix: Suffix): boolean {
    return !isSameFile(statOf(this.path + suffix), this.own[suffix])
  }

  private isReplaced(suffix: Suffix): boolean {
    return statOf(this.path + suffix) !== undefined && this.isNoLongerIn(suffix)
  }

  private hasOwnContent(): boolean {
    return this.raw.read(0, MAGIC.length).toString('latin1') === MAGIC && this.token.isOn(this.raw)
  }

  /** What the index, which all processes share in memory, says of the log, against the log on the disk. */
  private hasOwnLog(): boolean {
    const { frames, pageSize, salts } = logOf(this.index.read(0, INDEX_HEADER_BYTES))
    if (frames === 0) return true
    const header = readLogHeader(`${this.path}-wal`)
    if (header.length < 32 || (header.readUInt32BE(0) & ~1) !== LOG_MAGIC) return false
    const size = statOf(`${this.path}-wal`)?.size ?? 0
    return header.subarray(16, 24).equals(salts) && size >= 32 + frames * (24 + pageSize)
  }

  /** SQLite itself makes the log shorter when all of it is copied, and the file when somebody has it vacuumed. */
  private checkShrunk(main: FileStat): void {
    if (main.size < this.mainSize && !holds(() => this.isWhole())) throw this.spoil('was cut off')
    if (!holds(() => this.hasOwnLog())) throw this.spoil(SPOILED_LOG)
  }

  private isWhole(): boolean {
    return (statOf(this.path)?.size ?? 0) >= this.number('page_count') * this.number('page_size')
  }

  private number(pragma: string): number {
    return Number(this.database.prepare(`PRAGMA ${pragma}`).all()[0][pragma])
  }

  private gone(suffix: Suffix, found: FileStat | undefined): StreamerError {
    const what = suffix === '' ? 'file' : `${suffix} file`
    // Its content is still open here, and is saved into the file: then it is all that a restart finds.
    if (suffix === '-wal' && !found) emptyLog(this.database)
    const became = found ? 'was replaced by another file' : 'was deleted or moved'
    return new StreamerError('STORAGE_UNAVAILABLE', `The ${what} of ${this.purpose} ${became} while it was open.`, {
      at: this.path + suffix,
      hint:
        'Move the same files back, and the service continues. Otherwise stop this process, restore the file from a backup without -wal and -shm ' +
        'files beside it, and start again. What was written since that backup is lost.',
      retryable: true,
    })
  }

  private spoil(what: string): StreamerError {
    this.spoiled = new StreamerError('STORAGE_DAMAGED', `The file of ${this.purpose} ${what} while it was open.`, {
      at: this.path,
      hint:
        'Nothing more is written to it. Stop this process, put the right file at the path without -wal and -shm files beside it, ' +
        'and start again.',
    })
    return this.spoiled
  }
}

/** Whether something holds, at the latest after a few milliseconds. What SQLite throws when it reads a file that is cut off says that it does not. */
function holds(test: () => boolean): boolean {
  for (let tries = 1; ; tries++) {
    try {
      if (test()) return true
    } catch (thrown) {
      if (tries === TRIES && (thrown as { code?: unknown }).code !== 'ERR_SQLITE_ERROR') throw thrown
    }
    if (tries === TRIES) return false
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
  }
}

interface LogInIndex {
  /** 0 where there is nothing in the log, or the index is just made. */
  readonly frames: number
  readonly pageSize: number
  readonly salts: Buffer
}

function logOf(index: Buffer): LogInIndex {
  const salts = index.subarray(32, 40)
  if (index.length < INDEX_HEADER_BYTES || index[12] === 0) return { frames: 0, pageSize: 0, salts }
  const [frames, pageSize] =
    endianness() === 'LE'
      ? [index.readUInt32LE(16), index.readUInt16LE(14)]
      : [index.readUInt32BE(16), index.readUInt16BE(14)]
  return { frames, pageSize: pageSize === 1 ? 65_536 : pageSize, salts }
}

/** SQLite holds no locks on the log itself, so that it may be opened and closed. */
function readLogHeader(path: string): Buffer {
  const fd = openSync(path, 'r')
  try {
    const header = Buffer.alloc(32)
    return header.subarray(0, readSync(fd, header, 0, header.length, 0))
  } finally {
    closeSync(fd)
  }
}
