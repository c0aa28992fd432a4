/** A stored file, by what a listing says of it. */
export interface StoredName {
  /** With the folders that it is in, as `segments/2026-11-30/….parquet`. */
  readonly path: string
  readonly bytes: number
  readonly modifiedAt: Date
}

/** The cause of an error: the file was moved or removed while it was read. */
export class FileGone extends Error {}

/** A stored file that is read in parts. A part rejects with an error whose cause is a {@link FileGone} where the file is gone. */
export interface StoredFile {
  readonly bytes: number
  /** The bytes from `start` up to `end`, which is not included. */
  slice(start: number, end: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Files that another engine reads by their paths on this machine. */
export interface PinnedFiles {
  /** The folders that they are in. */
  readonly folders: readonly string[]
  /** Where each one is; undefined where it is missing. */
  readonly paths: readonly (string | undefined)[]
  /** Lets go of them. */
  release(): Promise<void>
}

/**
 * Where a lake is: a folder or a bucket. Paths are relative, with `/` between their parts. Everything rejects with a `STORAGE_…` error that names the
 * place.
 */
export interface LakeStorage {
  /** As messages name it: a path, or `s3://bucket/prefix`. */
  readonly place: string
  /**
   * Creates a file of these bytes, whole or not at all. Durable when it resolves with true. Resolves with false where there is a file at the path
   * already; of several that create one path at once, one succeeds.
   */
  create(path: string, bytes: Uint8Array): Promise<boolean>
  /** All bytes of a file; undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>
  /** A file to be read in parts; undefined where there is none. */
  open(path: string): Promise<StoredFile | undefined>
  /** The files in a folder and the folders below it. Empty where there is no such folder. */
  list(folder: string): Promise<StoredName[]>
  /**
   * Gives a file another path. It is durable there before it is gone here. Resolves with true also where it has that path already, and with false where it
   * has neither.
   */
  move(from: string, to: string): Promise<boolean>
  /**
   * Makes files readable by their paths on this machine until they are released, also where they are moved or removed meanwhile. Of each file, the paths are given
   * at which it may be, the likeliest first.
   */
  pin(files: readonly (readonly string[])[]): Promise<PinnedFiles>
  /** Removes what is pinned beside the lake, by any process. */
  unpin(): Promise<void>
  /** Removes a file, if there is one. */
  remove(path: string): Promise<void>
  /** Removes what processes that died have left, if it is older than so many milliseconds: files that never got a name. */
  tidy(olderThanMs: number): Promise<void>
  /** Whether there are files and folders that no lake has. */
  isForeign(): Promise<boolean>
  /** Lets go of connections. */
  close(): Promise<void>
}
