import type { SqliteFile } from '@boostercloud/streamer-sqlite'
import type { Remains } from '../records'

/**
 * Empties the write-ahead log of a SQLite file, and answers what deleted bytes that leaves.
 * @internal
 */
export async function remainsOf(file: SqliteFile): Promise<readonly Remains[]> {
  if (await file.shred()) return []
  return [
    {
      what: `What was removed is still in ${file.path}-wal, the write-ahead log: another process reads from it the whole time.`,
      hint: 'Run the command again, or end that process (a backup, a shell, a long query) first.',
      again: true,
    },
  ]
}
