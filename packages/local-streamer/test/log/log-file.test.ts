import { expect } from 'chai'
import { readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../../../streamers/test/support/eventually'
import { describeOnSmallDisk } from '../../../streamer-sqlite/test/support/small-disk'
import { LocalStreamer } from '../../src'
import { Note, field, notes } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { useTemporary } from '../support/temporary'

describe('the file of the log, while it is in use', function () {
  this.timeout(120_000)
  const { streamer, path } = useTemporary()

  for (const suffix of ['-wal', '-shm']) {
    it(`has publishing refused and health down within a second when its ${suffix} file is deleted`, async () => {
      const local = streamer()
      await local.publish(notes(3), 'posts')
      rmSync(path(`log/log.sqlite${suffix}`))
      const isHealthy = async (): Promise<boolean> => (await local.health()).healthy
      await eventually(
        async () => !(await isHealthy()),
        () => 'It is still healthy.',
        1_000
      )
      expect((await local.health()).details).to.include({ open: true, error: 'STORAGE_UNAVAILABLE' })
      await rejection(local.publish(notes(1), 'posts'), 'STORAGE_UNAVAILABLE')
    })
  }

  it('has publishing refused when it is cut off', async () => {
    const local = streamer()
    await local.publish(notes(3), 'posts')
    truncateSync(path('log/log.sqlite'), 100)
    await rejection(local.publish(notes(1), 'posts'), 'STORAGE_DAMAGED')
    expect((await local.health()).healthy).to.equal(false)
  })

  it('ends a poll that waits when it is made anew, with what is in the new one', async () => {
    const local = streamer({ pollWaitMs: 30_000 })
    await local.publish(notes(3), 'posts')
    const [, , last] = await local.poll('posts')
    const waiting = local.poll('posts', last.eventId)
    rmSync(path('log'), { recursive: true })
    await streamer().publish([new Note('new')], 'posts')
    expect(field(await waiting, 'text')).to.deep.equal(['new'])
  })

  it('keeps nothing of an event that retention has removed, also not in free pages', async () => {
    const local = streamer({ retention: { maxBytes: 10_000 } })
    await local.publish(notes(40, 'secret '.repeat(200)), 'posts')
    for (let n = 0; n < 10; n++) await local.publish(notes(100, 'plain'), 'posts')
    await local.close()
    const again = streamer()
    await again.publish(notes(1), 'posts')
    const bytes = readdirSync(path('log')).map((name) => readFileSync(join(path('log'), name), 'latin1'))
    const main = readFileSync(path('log/log.sqlite'), 'latin1')
    expect(bytes.join()).to.include('plain')
    expect(main).not.to.include('secret')
  })

  describeOnSmallDisk(6, (disk) => {
    it('has health down while the disk is full, and publishes again by itself when there is room', async () => {
      const local = LocalStreamer.with({ path: join(disk().folder, 'log'), pollWaitMs: 0 })
      await local.publish(notes(1), 'posts')
      disk().fill(500_000)
      const isPublished = (): Promise<boolean> =>
        local.publish(notes(1, 'x'.repeat(30_000)), 'posts').then(
          () => true,
          () => false
        )
      let published = 1
      while (await isPublished()) published += 1
      const { healthy, details } = await local.health()
      expect([healthy, details.error]).to.deep.equal([false, 'STORAGE_UNAVAILABLE'])
      disk().free()
      await eventually(
        async () => (await local.health()).healthy,
        () => 'It is still unhealthy.',
        20_000
      )
      expect(await isPublished()).to.equal(true)
      expect(await local.poll('posts')).to.have.length(published + 1)
      await local.close()
    })
  })
})
