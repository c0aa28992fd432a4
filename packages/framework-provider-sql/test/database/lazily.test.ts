import '../support/environment'
import { expect } from 'chai'
import { join } from 'node:path'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import { SqliteDatabase } from '../../src/database/sqlite-database'
import { sql } from '../../src/sql'

const [LAZY, SYNCED] = [1, 2]

describe('a transaction on SQLite', () => {
  it('waits for the disk unless it is lazy', async () => {
    await inTempFolder(async (folder) => {
      const path = join(folder, 'store.sqlite')
      const database = await SqliteDatabase.open({ path, synchronous: 'FULL', holder: 'a test' })
      const level = async (options?: { lazily: boolean }): Promise<unknown> =>
        (await database.transaction([sql('PRAGMA synchronous')], options))[0][0].synchronous
      expect([await level(), await level({ lazily: true }), await level()]).to.deep.equal([SYNCED, LAZY, SYNCED])
      await database.close()
    })
  })
})
