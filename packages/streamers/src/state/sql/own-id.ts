import { stat } from 'node:fs/promises'
import type { SqliteFile } from '@boostercloud/streamer-sqlite'

/**
 * What tells a SQLite file from its copies: its number in the file system. A file that is moved within its file system keeps it.
 * @internal
 */
export async function ownIdOf({ path }: SqliteFile): Promise<string> {
  const { ino } = await stat(path, { bigint: true })
  return `file ${ino}`
}
