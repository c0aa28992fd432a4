import '../support/environment'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import { describeOnSmallDisk } from '../../../streamer-sqlite/test/support/small-disk'
import { STORE_FILE } from '../../src/database/open'
import { isUp } from '../../src/health'
import { sql } from '../../src/sql'
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
