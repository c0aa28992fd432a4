import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { STATE_FILE, openEmbeddedState } from '../../src/state'
import { inTempFolder } from '../support/temp-folder'
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
