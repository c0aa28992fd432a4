import { statSync } from 'node:fs'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { Database } from '../engine'
import { identify } from './identity-token'

/** What a file must be. */
export interface Identity {
  readonly path: string
  readonly purpose: string
  readonly applicationId: number
  readonly migrations: readonly string[]
}

/** Above this many bytes a full check would delay the start too much. */
const CHECK_BELOW_BYTES = 64 * 1024 * 1024

/** Throws `STORAGE_FOREIGN` unless the file is new, or of this program and of a version that it knows. Answers its version. */
export function refuseForeign(database: Database, { path, purpose, applicationId, migrations }: Identity): number {
  const version = readNumber(database, 'PRAGMA user_version')
  const owner = readNumber(database, 'PRAGMA application_id')
  const tables = readNumber(database, 'SELECT count(*) FROM sqlite_schema')
  const isNew = owner === 0 && version === 0 && tables === 0
  if (!isNew && owner !== applicationId) {
    throw new StreamerError('STORAGE_FOREIGN', `The file of ${purpose} belongs to another program.`, {
      at: path,
      hint: 'Nothing was changed. Choose another path.',
    })
  }
  if (version > migrations.length) {
    throw new StreamerError(
      'STORAGE_FOREIGN',
      `The file of ${purpose} is of version ${version}; this program knows versions up to ${migrations.length}.`,
      { at: path, hint: 'Nothing was changed. Update this program, which is older than the one that wrote the file.' }
    )
  }
  return version
}

/**
 * Throws `STORAGE_DAMAGED` where SQLite finds the file inconsistent; large files are not read through. SQLite itself fills a last
 * page that is cut off with zeros; it is whole again only where the write-ahead log has it.
 */
export function refuseDamaged(database: Database, { path, purpose }: Identity): void {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  const { size } = statSync(path)
  const isCutOff = !log?.size && size % readNumber(database, 'PRAGMA page_size') !== 0
  const finding = isCutOff ? 'its last page is cut off' : size < CHECK_BELOW_BYTES ? check(database) : 'ok'
  if (finding === 'ok') return
  throw new StreamerError('STORAGE_DAMAGED', `The file of ${purpose} is damaged: ${finding}.`, {
    at: path,
    hint: 'Nothing was changed. Restore it from a backup, or move it and its -wal file away to start with an empty one.',
  })
}

function check(database: Database): string {
  const [row] = database.prepare('PRAGMA quick_check(1)').all()
  return String(Object.values(row)[0])
}

/**
 * Brings the schema up to date in one transaction, which writes in any case and so proves that the file can be written. Another process that opens the
 * file at the same time waits for the lock and then finds nothing to do.
 */
export function migrate(database: Database, identity: Identity): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    const version = refuseForeign(database, identity)
    for (const migration of identity.migrations.slice(version)) database.exec(migration)
    identify(database)
    database.exec(`PRAGMA application_id = ${identity.applicationId}`)
    database.exec(`PRAGMA user_version = ${identity.migrations.length}`)
    database.exec('COMMIT')
  } catch (thrown) {
    rollBack(database)
    throw thrown
  }
}

/** Ends a transaction that failed. SQLite may have ended it already, and then says so with an error that tells nothing more. */
export function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    return
  }
}

function readNumber(database: Database, sql: string): number {
  const [row] = database.prepare(sql).all()
  return Number(Object.values(row)[0])
}
