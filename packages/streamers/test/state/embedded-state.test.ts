import { cp, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { STATE_FILE, openEmbeddedState } from '../../src/state'
import type { StateIdentity } from '../../src/state'
import { inTempFolder } from '../support/temp-folder'
import { sql } from '../../src/state/sql/database'
import { SqliteDatabase } from '../../src/state/sql/sqlite-database'
import { testStateStore } from './state-suite'

describe('embedded state', () => {
  const folders: string[] = []
  after(async () => {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
  })

  testStateStore('SQLite', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'streamers-state-'))
    folders.push(folder)
    return { open: () => openEmbeddedState(folder) }
  })

  it('is for its owner alone', async () => {
    await inTempFolder(async (folder) => {
      const own = join(folder, 'deep', 'state')
      const state = await openEmbeddedState(own)
      await state.close()
      expect((await stat(own)).mode & 0o777).to.equal(0o700)
    })
  })

  it('is another one where its file is a copy, once, and the same one where it is moved', async () => {
    await inTempFolder(async (folder) => {
      const identityIn = async (name: string): Promise<StateIdentity> => {
        const state = await openEmbeddedState(join(folder, name))
        const [one, other] = await Promise.all([state.identity(), state.identity()])
        expect(other).to.deep.equal(one)
        await state.close()
        return one
      }
      const { id } = await identityIn('first')
      await cp(join(folder, 'first'), join(folder, 'copy'), { recursive: true })
      const copy = await identityIn('copy')
      expect(copy.id).not.to.equal(id)
      expect(copy.takenFrom).to.deep.equal([id])
      expect(await identityIn('copy')).to.deep.equal(copy)
      expect(await identityIn('first')).to.deep.include({ id, takenFrom: [] })
      await rename(join(folder, 'first'), join(folder, 'moved'))
      expect(await identityIn('moved')).to.deep.include({ id, takenFrom: [] })
    })
  })

  it('keeps the identity that an earlier version has given it, which did not know copies', async () => {
    await inTempFolder(async (folder) => {
      const before = await openEmbeddedState(folder)
      const { id } = await before.identity()
      await before.close()
      const database = await SqliteDatabase.open(join(folder, STATE_FILE))
      await database.transaction([sql("DELETE FROM state_identity WHERE role = 'database'")])
      await database.close()
      const after = await openEmbeddedState(folder)
      expect(await after.identity()).to.deep.include({ id, takenFrom: [] })
      await after.close()
    })
  })

  it('refuses a file of another program, and leaves it as it is', async () => {
    await inTempFolder(async (folder) => {
      const file = join(folder, STATE_FILE)
      await writeFile(file, 'some notes of somebody. '.repeat(100))
      const error: unknown = await openEmbeddedState(folder).catch((thrown: unknown) => thrown)
      expect(isStreamerError(error, 'STORAGE_FOREIGN'), String(error)).to.equal(true)
      expect((error as Error).message).to.contain(file)
      expect((await stat(file)).size).to.equal(2400)
    })
  })
})
