import { SqlStateStore } from '@boostercloud/streamers/state'
import type { SqlDatabase, SqlRow, StateStore } from '@boostercloud/streamers/state'
import type { StoredStep, StoredView } from '../history'
import type { StoreReader } from './provider'

/** Where an outcome is stored when its event is finished, no service comes to an instant in between. */
export const ALL_AT_ONCE = ['receive.after-outcome', 'receive.after-store']

/** A service's database from outside; undefined while there is none. */
export type OpenDatabase = () => Promise<SqlDatabase | undefined>

/** Reads the tables of the provider for SQL by statements of its own. */
export function sqlStore(open: OpenDatabase): StoreReader {
  return {
    read: () => withRows(open, 'SELECT at, envelope FROM events ORDER BY at, entity_id', toSteps),
    views: () => withRows(open, 'SELECT value FROM read_models ORDER BY id', toViews),
    state: async () => stateOn(open),
  }
}

async function withRows<T>(open: OpenDatabase, sql: string, read: (rows: readonly SqlRow[]) => T[]): Promise<T[]> {
  const database = await open()
  if (!database) return []
  try {
    return read(await database.query({ sql, values: [] }))
  } finally {
    await database.close()
  }
}

/** Its order is by entity, and no two events of one share a time: the rank of each says it all. */
function toSteps(rows: readonly SqlRow[]): StoredStep[] {
  return rows.flatMap(({ at, envelope }) => {
    const { value } = JSON.parse(String(envelope)) as { value: { key?: string; origin?: string } }
    if (value.key === undefined || value.origin === undefined) return []
    return [{ key: value.key, origin: value.origin, at: Number(at) }]
  })
}

function toViews(rows: readonly SqlRow[]): StoredView[] {
  return rows.map(({ value }) => {
    const { id, origins } = JSON.parse(String(value)) as { id: string; origins: string[] }
    return { key: id, origins }
  })
}

async function stateOn(open: OpenDatabase): Promise<StateStore> {
  const database = await open()
  if (!database) throw new Error('The service has no database.')
  return new SqlStateStore(database)
}
