import { join } from 'node:path'
import { SqlStateStore } from './sql/sql-state-store'
import { SqliteDatabase } from './sql/sqlite-database'
import type { StateStore } from './state-store'

/** The file in a state folder that holds the state. */
export const STATE_FILE = 'state.sqlite'

/**
 * Opens the embedded state in a folder, which is created for its owner alone (0700). Rejects with a `STORAGE_…` error.
 * @internal
 */
export async function openEmbeddedState(folder: string): Promise<StateStore> {
  return new SqlStateStore(await SqliteDatabase.open(join(folder, STATE_FILE)))
}
