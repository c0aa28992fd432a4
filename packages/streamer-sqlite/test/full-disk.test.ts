import { expect } from 'chai'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { openSqlite } from '../src'
import type { SqliteFile } from '../src'
import { eventually } from '../../streamers/test/support/eventually'
import { INSERT, NOTES } from './support/notes'
import { rejection } from '../../streamer-connector/test/support/rejection'
import { describeOnSmallDisk } from './support/small-disk'

const TEXT = 'x'.repeat(20_000)
const COUNT = 'SELECT count(*) AS count FROM notes'

describe('a SQLite file on a disk that is full', function () {
  this.timeout(120_000)

  describeOnSmallDisk(6, (disk) => {
    const opened = async (): Promise<SqliteFile> => {
      const path = join(disk().folder, 'notes.sqlite')
      const file = await openSqlite({ path, applicationId: 77, migrations: NOTES, purpose: 'the notes' })
      // As a store has it: more than this disk could ever hold.
      file.read('PRAGMA wal_autocheckpoint = 4000')
      return file
    }
    const isWritten = async (file: SqliteFile): Promise<boolean> =>
      file
        .write(({ run }) => run(INSERT, TEXT, 1))
        .then(
          () => true,
          () => false
        )
    const fillWithNotes = async (file: SqliteFile): Promise<number> => {
      let written = 0
      while (await isWritten(file)) written += 1
      return written
    }

    it('refuses what does not fit, and goes on by itself when there is room', async () => {
      const file = await opened()
      disk().fill(200_000)
      const written = await fillWithNotes(file)
      const { message, hint, retryable } = await rejection(
        file.write(({ run }) => run(INSERT, TEXT, 1)),
        'STORAGE_UNAVAILABLE'
      )
      expect(message).to.include('the disk is full')
      expect([hint, retryable]).to.deep.equal([
        'Free some space on it. The service then continues without a restart.',
        true,
      ])
      expect(file.read(COUNT)[0].count).to.equal(written)
      disk().free()
      expect(await isWritten(file)).to.equal(true)
      expect(file.read(COUNT)[0].count).to.equal(written + 1)
      await file.close()
    })

    it('goes on, also after a restart, when its own log has filled the disk and little else is freed', async () => {
      const file = await opened()
      await file.write(({ run }) => run(INSERT, TEXT, 0))
      disk().fill(5_500_000)
      // One row over and over: the log grows, and nearly nothing of it is new.
      for (let n = 0; n < 500; n++) await file.write(({ run }) => run('UPDATE notes SET writer = ?1', TEXT + n))
      const written = await fillWithNotes(file)
      expect(written * TEXT.length).to.be.above(3_500_000)
      expect(statSync(`${file.path}-wal`).size).to.be.below(1_000_000)
      await file.close()
      disk().free()
      const again = await opened()
      expect(again.read(COUNT)[0].count).to.equal(written + 1)
      for (let n = 0; n < 10; n++) expect(await isWritten(again)).to.equal(true)
      await again.close()
    })

    it('cannot be made without room, says so, and can when there is', async () => {
      disk().fill()
      const { message } = await rejection(opened(), 'STORAGE_UNAVAILABLE')
      expect(message).to.include('the disk is full').and.include('Free some space')
      disk().free()
      const file = await opened()
      expect(await isWritten(file)).to.equal(true)
      await file.close()
    })

    it('fails its probe while writes are refused, and passes it within seconds of there being room', async () => {
      const file = await opened()
      await file.probe()
      disk().fill(200_000)
      await fillWithNotes(file)
      await rejection(file.probe(), 'STORAGE_UNAVAILABLE')
      disk().free()
      const passes = async (): Promise<boolean> =>
        file.probe().then(
          () => true,
          () => false
        )
      await eventually(passes, () => 'The probe still fails.', 20_000)
      await file.close()
    })

    it('fails its probe also where nobody has tried to write since the disk became full', async () => {
      const file = await opened()
      disk().fill()
      const fails = async (): Promise<boolean> =>
        file.probe().then(
          () => false,
          () => true
        )
      await eventually(fails, () => 'The probe still passes.', 20_000)
      await file.close()
    })
  })
})
