import { openSqlite } from '@boostercloud/streamer-sqlite'
import { stateMigrations } from '../../src/state'

/** Keeps a read transaction open on a file of streaming state, as a backup or a shell does. */
export async function readerOf(path: string): Promise<{ end(): Promise<void> }> {
  const file = await openSqlite({
    path,
    applicationId: 0x42537374,
    migrations: stateMigrations({ place: 'INTEGER PRIMARY KEY AUTOINCREMENT', bytes: 'BLOB' }),
    purpose: 'the reader',
  })
  file.read('BEGIN')
  file.read('SELECT count(*) FROM parked')
  return {
    end: async () => {
      file.read('COMMIT')
      await file.close()
    },
  }
}
