import { resolve } from 'node:path'
import { emptyLog } from './file/disk-space'
import { connect } from './engine'
import type { Database } from './engine'
import { prepareFile } from './file/folder'
import { migrate, refuseDamaged, refuseForeign } from './file/identity'
import { untilFree } from './retry'
import { SqliteFile } from './file/sqlite-file'
import { isFull, storageError } from './storage-error'

/**
 * How a file is opened.
 * @internal
 */
export interface OpenSqliteOptions {
  /** The file. Missing folders are created for their owner alone (0700), and so is the file (0600). */
  readonly path: string
  /** Marks the file as this program's: SQLite's `application_id`, a signed 32-bit number other than 0. */
  readonly applicationId: number
  /** The schema, forward only: entry i takes version i (SQLite's `user_version`) to version i + 1. Never edited once released. */
  readonly migrations: readonly string[]
  /**
   * `FULL`: a resolved write survives the loss of power. `NORMAL`: it survives the death of the process, and the file stays whole at
   * a loss of power, which may take the newest writes. Default `FULL`.
   */
  readonly synchronous?: 'FULL' | 'NORMAL'
  /** How long a write, and the opening, waits for another process's transaction; milliseconds. Default 10 000. */
  readonly writeTimeoutMs?: number
  /** What the file is for, in messages to people: `the embedded log`. */
  readonly purpose: string
}

/** Keeps the write-ahead log from staying as long as the largest burst has made it. */
const WAL_LIMIT_BYTES = 16 * 1024 * 1024

/**
 * Opens a SQLite file in WAL mode, creates it if it is missing, and brings its schema up to date. Several processes of one machine
 * may do so at once.
 *
 * Nothing is deleted or repaired. What is deleted, replaced, cut off or overwritten while it is open is noticed, and refused from then on; a
 * disk that was full is written to again when it has room. Rejects with `STORAGE_FOREIGN` (no SQLite file, another program's, or a newer version's),
 * `STORAGE_DAMAGED` (torn or inconsistent; read through below 64 MiB), `STORAGE_UNAVAILABLE` (no rights, no file, a full disk, a
 * network file system) or `STORAGE_BUSY` (another process kept it locked for all of `writeTimeoutMs`).
 * @internal
 */
export async function openSqlite(options: OpenSqliteOptions): Promise<SqliteFile> {
  const path = resolve(options.path)
  const { applicationId, migrations, purpose } = options
  const settings = {
    path,
    purpose,
    synchronous: options.synchronous ?? 'FULL',
    writeTimeoutMs: options.writeTimeoutMs ?? 10_000,
  }
  await prepareFile(path, purpose)
  let database: Database | undefined
  try {
    database = connect(path)
    await setUp(database, { path, purpose, applicationId, migrations }, settings)
    return new SqliteFile(database, settings)
  } catch (thrown) {
    database?.close()
    throw storageError(thrown, path, purpose)
  }
}

async function setUp(
  database: Database,
  identity: Parameters<typeof migrate>[1],
  { synchronous, writeTimeoutMs }: { synchronous: 'FULL' | 'NORMAL'; writeTimeoutMs: number }
): Promise<void> {
  const whenFree = (step: () => void): Promise<void> => untilFree(step, writeTimeoutMs)
  await whenFree(() => void refuseForeign(database, identity))
  await whenFree(() => refuseDamaged(database, identity))
  await whenFree(() => database.exec('PRAGMA journal_mode = WAL'))
  database.exec(`PRAGMA synchronous = ${synchronous}`)
  database.exec(`PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`)
  // Else what undoes a part of a transaction goes through a file as soon as it is more than 64 kB.
  database.exec('PRAGMA temp_store = MEMORY')
  // What is deleted, a person's data, is gone from the file.
  database.exec('PRAGMA secure_delete = ON')
  await whenFree(() => migrateWithRoom(database, identity))
  // Only in the file itself, not in its write-ahead log, can its identity be looked for.
  await whenFree(() => database.exec('PRAGMA wal_checkpoint(PASSIVE)')).catch((thrown: unknown) => {
    if (!isFull(thrown, identity.path)) throw thrown
  })
}

/** A write-ahead log that has filled the disk is emptied first. */
function migrateWithRoom(database: Database, identity: Parameters<typeof migrate>[1]): void {
  try {
    migrate(database, identity)
  } catch (thrown) {
    if (!isFull(thrown, identity.path) || !emptyLog(database)) throw thrown
    migrate(database, identity)
  }
}
