import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { StateOwner } from '@boostercloud/streamers/state'
import type { ResolvedOptions } from '../options'
import { sql } from '../sql'
import type { Database } from './database'
import { SqliteDatabase } from './sqlite-database'

/** The file in the folder of a SQLite database. */
export const STORE_FILE = 'store.sqlite'

/** Opens or makes the database that the options name, with its schema and indexes. Rejects with a `STORAGE_…` error. */
export async function openDatabase(options: ResolvedOptions, owner: StateOwner): Promise<Database> {
  const database = await open(options, owner)
  try {
    await makeIndexes(database, options)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function open(options: ResolvedOptions, owner: StateOwner): Promise<Database> {
  const { url, folder, synchronous } = options
  if (url !== undefined) {
    // Who runs on SQLite needs no client of PostgreSQL in memory.
    const { SharedPostgres } = await import('./postgres-database')
    return SharedPostgres.open({ ...options, url }, owner)
  }
  return SqliteDatabase.open({ path: join(folder, STORE_FILE), synchronous, holder: owner.appName })
}

/** Indexes of fields are made where they are missing; one field of several read models has one index. */
async function makeIndexes(database: Database, { indexes }: ResolvedOptions): Promise<void> {
  const fields = new Map(indexes.map(({ field }) => [field.join('.'), field]))
  const statements = [...fields].map(([name, field]) => {
    const digest = createHash('sha256').update(name).digest('hex').slice(0, 16)
    return sql(database.dialect.index(`read_models_by_${digest}`, field))
  })
  if (statements.length > 0) await database.transaction(statements)
}
