import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../src'
import type { OpenSqliteOptions, SqliteFile } from '../../src'
import { NOTES } from './notes'

/** Registers hooks that give each test a folder of its own and close what it opened. */
export function useTemporary(): {
  path(name?: string): string
  open(options?: Partial<OpenSqliteOptions>): Promise<SqliteFile>
} {
  let folder: string
  let opened: SqliteFile[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'streamer-sqlite-'))
  })
  afterEach(async () => {
    await Promise.all(opened.map((file) => file.close()))
    opened = []
    rmSync(folder, { recursive: true, force: true })
  })
  const path = (name = 'notes.sqlite'): string => join(folder, name)
  return {
    path,
    async open(options = {}) {
      const file = await openSqlite({
        path: path(),
        applicationId: 77,
        migrations: NOTES,
        purpose: 'the notes',
        ...options,
      })
      opened.push(file)
      return file
    },
  }
}
