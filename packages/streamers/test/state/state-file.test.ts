import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { describeOnSmallDisk } from '../../../streamer-sqlite/test/support/small-disk'
import { readKept } from '../../src/observe/health/kept'
import { STATE_FILE, openEmbeddedState } from '../../src/state'
import { eventually } from '../support/eventually'
import { readerOf } from '../support/reader-of'
import { mark, parked } from '../support/records'
import { inTempFolder } from '../support/temp-folder'

describe('the file of the embedded state, under a service', function () {
  this.timeout(120_000)

  it('has marks refused and health down within a second when it is deleted', () =>
    inTempFolder(async (folder) => {
      const state = await openEmbeddedState(folder)
      await state.commit([{ do: 'mark-pending', mark: mark({}) }])
      expect((await readKept(state)).state).to.deep.equal({ healthy: true })
      rmSync(folder, { recursive: true })
      await eventually(
        async () => !(await readKept(state)).state.healthy,
        () => 'Health is still up.',
        1_000
      )
      expect((await readKept(state)).state).to.deep.equal({ healthy: false, code: 'STORAGE_UNAVAILABLE' })
      const refused: unknown = await state
        .commit([{ do: 'mark-pending', mark: mark({ id: 'e2' }) }])
        .catch((error: unknown) => error)
      expect(isStreamerError(refused, 'STORAGE_UNAVAILABLE'), String(refused)).to.equal(true)
      await state.close()
    }))

  it('has nothing left in any file of what is forgotten', () =>
    inTempFolder(async (folder) => {
      const state = await openEmbeddedState(folder)
      const secret = (n: number): Uint8Array => Buffer.from(`secret ${n} `.repeat(2_000))
      for (let n = 0; n < 20; n++)
        await state.commit([{ do: 'park', event: parked({ id: `e${n}`, event: secret(n) }) }])
      expect(bytesIn(folder)).to.include('secret 7')
      expect(await state.forgetKey('k')).to.equal(20)
      expect(await state.shred?.()).to.deep.equal([])
      expect(bytesIn(folder)).not.to.include('secret')
      await state.close()
    }))

  it('says what remains while another reader holds the write-ahead log, and removes it when that has ended', () =>
    inTempFolder(async (folder) => {
      const state = await openEmbeddedState(folder)
      await state.commit([{ do: 'park', event: parked({ event: Buffer.from('secret '.repeat(1_000)) }) }])
      const reader = await readerOf(join(folder, STATE_FILE))
      await state.forgetKey('k')
      const [remains, ...others] = (await state.shred?.()) ?? []
      expect(others).to.deep.equal([])
      expect(remains.what).to.include(`${join(folder, STATE_FILE)}-wal`)
      expect(remains.again).to.equal(true)
      expect(bytesIn(folder)).to.include('secret')
      await reader.end()
      expect(await state.shred?.()).to.deep.equal([])
      expect(bytesIn(folder)).not.to.include('secret')
      await state.close()
    }))

  describeOnSmallDisk(6, (disk) => {
    it('has health down while the disk is full, and up when there is room', async () => {
      const state = await openEmbeddedState(disk().folder)
      disk().fill(300_000)
      const isParked = (n: number): Promise<boolean> =>
        state.commit([{ do: 'park', event: parked({ id: `e${n}`, event: Buffer.alloc(30_000, 'x') }) }]).then(
          () => true,
          () => false
        )
      let n = 0
      while (await isParked(n)) n += 1
      expect((await readKept(state)).state).to.deep.equal({ healthy: false, code: 'STORAGE_UNAVAILABLE' })
      disk().free()
      await eventually(
        async () => (await readKept(state)).state.healthy,
        () => 'Health is still down.',
        20_000
      )
      expect(await isParked(n)).to.equal(true)
      await state.close()
    })
  })
})

function bytesIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n')
}
