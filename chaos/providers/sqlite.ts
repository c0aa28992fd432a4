import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import type { SqlDatabase, SqlRow, SqlStatement } from '@boostercloud/streamers/state'
import type { ChaosProvider } from './provider'
import { ALL_AT_ONCE, sqlStore } from './sql-store'

/** The provider for SQL, embedded: one process a service. */
export const sqlite: ChaosProvider = {
  name: 'sqlite',
  package: '@boostercloud/framework-provider-sql',
  processes: 1,
  joining: 0,
  neverReached: ALL_AT_ONCE,
  patienceMs: 500,
  open: async () => ({
    env: () => ({ DATABASE_URL: '' }),
    store: (_stage, serviceFolder) => sqlStore(async () => openIn(join(serviceFolder, '.booster', 'sql', 'local'))),
    close: async () => undefined,
  }),
}

function openIn(folder: string): SqlDatabase | undefined {
  const file = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith('.sqlite')) : undefined
  if (file === undefined) return undefined
  const database = new DatabaseSync(join(folder, file), { timeout: 10_000 })
  const run = ({ sql, values }: SqlStatement): SqlRow[] => database.prepare(sql).all(...values) as SqlRow[]
  return {
    name: file,
    query: async (statement) => run(statement),
    transaction: async (statements) => {
      database.exec('BEGIN IMMEDIATE')
      const rows = statements.map(run)
      database.exec('COMMIT')
      return rows
    },
    close: async () => database.close(),
  }
}
