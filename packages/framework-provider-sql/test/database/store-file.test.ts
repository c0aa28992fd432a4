import '../support/environment'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { parked } from '../../../streamers/test/support/records'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import { describeOnSmallDisk } from '../../../streamer-sqlite/test/support/small-disk'
import { STORE_FILE } from '../../src/database/open'
import { SqliteDatabase } from '../../src/database/sqlite-database'
import { isUp } from '../../src/health'
import { sql } from '../../src/sql'
import { CarriedState } from '../../src/state'
import { Opened, refusal } from '../support/opened'

const isHealthy = (opened: Opened): Promise<boolean> => isUp(async () => Promise.resolve(opened.database))

describe('the file of the event store, under a service', function () {
  this.timeout(120_000)

  for (const suffix of ['', '-wal', '-shm']) {
    it(`has commands refused and health down within a second when its ${suffix || 'main'} file is deleted`, async () => {
      await inTempFolder(async (folder) => {
        const opened = await Opened.with({ folder })
        await opened.store('a')
        expect(await isHealthy(opened)).to.equal(true)
        rmSync(join(folder, STORE_FILE + suffix))
        await eventually(
          async () => !(await isHealthy(opened)),
          () => 'Health is still up.',
          1_000
        )
        const { message } = await refusal(opened.store('b'), 'STORAGE_UNAVAILABLE')
        expect(message).to.match(/event store was deleted.*Move the same files back/s)
        await refusal(opened.database.query(sql('SELECT 1')), 'STORAGE_UNAVAILABLE')
        await opened.close()
      })
    })
  }

  it('says what remains of what is forgotten while another reader holds its log, and removes it when that has ended', () =>
    inTempFolder(async (folder) => {
      const opened = await Opened.with({ folder })
      const state = new CarriedState(opened.database)
      await state.commit([{ do: 'park', event: parked({ event: Buffer.from('secret '.repeat(1_000)) }) }])
      const reader = await SqliteDatabase.open({
        path: join(folder, STORE_FILE),
        synchronous: 'FULL',
        holder: 'reader',
      })
      await reader.query(sql('BEGIN'))
      await reader.query(sql('SELECT count(*) FROM parked'))
      expect(await state.forgetKey('k')).to.equal(1)
      const [remains, ...others] = (await state.shred?.()) ?? []
      expect(others).to.deep.equal([])
      expect(remains).to.include({ again: true })
      expect(remains.what).to.include(`${join(folder, STORE_FILE)}-wal`)
      expect(bytesIn(folder)).to.include('secret')
      await reader.query(sql('COMMIT'))
      await reader.close()
      expect(await state.shred?.()).to.deep.equal([])
      expect(bytesIn(folder)).not.to.include('secret')
      await opened.close()
    }))

  describeOnSmallDisk(6, (disk) => {
    it('has health down while the disk is full, and is written to again by itself when there is room', async () => {
      const opened = await Opened.with({ folder: disk().folder })
      disk().fill(1_000_000)
      const long = 'x'.repeat(20_000)
      let stored = 0
      const isStored = (): Promise<boolean> =>
        opened.store(`thing ${stored}`, long).then(
          () => true,
          () => false
        )
      while (await isStored()) stored += 1
      expect(stored).to.be.above(5)
      await eventually(async () => !(await isHealthy(opened)))
      const { message } = await refusal(opened.store('refused', long), 'STORAGE_UNAVAILABLE')
      expect(message).to.include('the disk is full')
      disk().free()
      await eventually(
        () => isHealthy(opened),
        () => 'Health is still down.',
        20_000
      )
      await opened.store('taken', long)
      for (let n = 0; n < stored; n++) expect(await opened.halves(`thing ${n}`)).to.deep.equal([1, 1])
      expect(await opened.halves('refused')).to.deep.equal([0, 0])
      await opened.close()
    })
  })
})

function bytesIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n')
}
