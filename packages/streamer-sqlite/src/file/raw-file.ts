import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'

/** What tells one file of a machine from another, and its size. */
export interface FileStat {
  readonly dev: number
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
}

interface Descriptor {
  readonly fd: number
  users: number
}

/**
 * One descriptor for each file, shared by all who read it in this process: closing one drops the locks that SQLite holds on the file
 * (https://sqlite.org/howtocorrupt.html §2.2), so it is closed by the last one only.
 */
const descriptors = new Map<string, Descriptor>()

/** Whether a closed connection has let go of its locks. Before Node 24 it keeps them until its statements are collected as garbage. */
const LETS_GO_AT_ONCE = Number.parseInt(process.versions.node, 10) >= 24

/** The bytes of a file of SQLite's as they are on the disk, past its caches. */
export class RawFile {
  private isClosed = false

  private constructor(
    private readonly name: string,
    private readonly descriptor: Descriptor
  ) {}

  /** Opens the file for reading. Throws what the file system says. */
  public static open(path: string): RawFile {
    const known = nameOf(statSync(path))
    const shared = descriptors.get(known)
    const fd = shared?.fd ?? openSync(path, 'r')
    const name = shared ? known : nameOf(fstatSync(fd))
    const descriptor = shared ?? { fd, users: 0 }
    descriptors.set(name, descriptor)
    descriptor.users += 1
    return new RawFile(name, descriptor)
  }

  /** So many bytes from there; fewer at the end of the file. */
  public read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(this.descriptor.fd, bytes, 0, length, position))
  }

  /** To be called after SQLite has closed the file. May be called twice. */
  public close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.descriptor.users -= 1
    if (this.descriptor.users > 0 || !LETS_GO_AT_ONCE) return
    descriptors.delete(this.name)
    closeSync(this.descriptor.fd)
  }
}

/** Undefined where there is no file, or where it cannot be reached: a folder above it is gone, is a file by now, or is on a disk that does not answer. */
export function statOf(path: string): FileStat | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** Whether both are the same file. */
export function isSameFile(one: FileStat | undefined, other: FileStat | undefined): boolean {
  return one?.ino === other?.ino && one?.dev === other?.dev
}

function nameOf({ dev, ino }: Pick<FileStat, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`
}
