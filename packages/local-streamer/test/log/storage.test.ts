import { expect } from 'chai'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Note, field, notes, pollUntil } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { useTemporary } from '../support/temporary'

describe('the log on disk', () => {
  const { streamer, path } = useTemporary()
  const file = (): string => path('log/log.sqlite')

  it('says what is wrong with a file that is foreign, cut off or a folder, and works when that is fixed', async () => {
    mkdirSync(path())
    const local = streamer()
    const spoiled: [() => void, 'STORAGE_FOREIGN' | 'STORAGE_DAMAGED' | 'STORAGE_UNAVAILABLE'][] = [
      [() => writeFileSync(file(), 'dear diary\n'.repeat(500)), 'STORAGE_FOREIGN'],
      [() => writeFileSync(file(), 'SQLite format 3\0'), 'STORAGE_DAMAGED'],
      [() => mkdirSync(file()), 'STORAGE_UNAVAILABLE'],
    ]
    for (const [spoil, code] of spoiled) {
      spoil()
      expect((await rejection(local.publish(notes(1), 'posts'), code)).at).to.equal(file())
      expect((await rejection(local.poll('posts'), code)).message).to.include('the local log')
      expect(await local.health()).to.deep.equal({
        healthy: false,
        details: { path: path(), open: false, error: code },
      })
      rmSync(file(), { recursive: true })
    }
    await local.publish(notes(1), 'posts')
    expect(await local.poll('posts')).to.have.length(1)
    expect((await local.health()).healthy).to.equal(true)
  })

  it('starts at the first event of a log that was deleted and made anew, also while it is in use', async () => {
    const [local, other] = [streamer(), streamer()]
    await local.publish(notes(5), 'posts')
    const old = await local.poll('posts')
    expect(await other.poll('posts')).to.have.length(5)
    rmSync(path(), { recursive: true })
    await local.publish([new Note('new')], 'posts')
    expect(field(await local.poll('posts', old[4].eventId), 'text')).to.deep.equal(['new'])
    expect(field(await other.poll('posts', old[0].eventId), 'text')).to.deep.equal(['new'])
  })

  it('starts at the first event of a log that was restored from an older copy', async () => {
    const before = streamer()
    await before.publish(notes(2), 'posts')
    const copy = streamer()
    await copy.poll('posts')
    await Promise.all([before.close(), copy.close()])
    const files = ['', '-wal'].map((suffix) => file() + suffix).filter((name) => existsSync(name))
    const kept = files.map((name) => [name, readFileSync(name)] as const)
    const after = streamer()
    await after.publish(notes(3), 'posts')
    const [, , , , last] = await after.poll('posts')
    await after.close()
    renameSync(path(), path('away'))
    mkdirSync(path())
    for (const [name, bytes] of kept) writeFileSync(name, bytes)
    expect(await streamer().poll('posts', last.eventId)).to.have.length(2)
  })

  it('reads one topic as fast beside a long other one', async () => {
    const local = streamer({ synchronous: 'NORMAL', pollBatch: 10 })
    await local.publish(notes(10), 'short')
    const last = (await local.poll('short'))[9]
    const fastest = async (): Promise<number> => {
      let best = Infinity
      for (let n = 0; n < 100; n++) {
        const started = performance.now()
        await local.poll('short', last.eventId)
        best = Math.min(best, performance.now() - started)
      }
      return best
    }
    const alone = await fastest()
    for (let n = 0; n < 10; n++) await local.publish(notes(2000), 'long')
    expect(await fastest()).to.be.below(alone * 5)
  })
})

describe('retention', () => {
  const { streamer } = useTemporary()

  it('keeps everything unless asked', async () => {
    const local = streamer({ synchronous: 'NORMAL', pollBatch: 10_000 })
    for (let n = 0; n < 10; n++) await local.publish(notes(300), 'posts')
    expect(await local.poll('posts')).to.have.length(3000)
  })

  it('forgets by size, the oldest first, of all topics together', async () => {
    const local = streamer({ synchronous: 'NORMAL', retention: { maxBytes: 100_000 }, pollBatch: 10_000 })
    for (let n = 0; n < 20; n++) await local.publish(notes(100), n % 2 ? 'posts' : 'users')
    const { bytes } = (await local.health()).details
    expect(bytes).to.be.above(50_000)
    expect(bytes).to.be.below(200_000)
    const kept = [...(await local.poll('posts')), ...(await local.poll('users'))]
    expect(kept.length).to.be.within(100, 1000)
    const sequences = kept.map(({ eventId }) => Number(eventId?.split(':')[1])).sort((a, b) => a - b)
    expect(sequences).to.deep.equal(Array.from(sequences, (_, n) => 2000 - sequences.length + 1 + n))
  })

  it('forgets by age, keeps the newest event, and gives no number twice', async () => {
    const local = streamer({ retention: { maxAgeMs: 1 }, pollBatch: 10_000 })
    await local.publish(notes(300), 'posts')
    const [first] = await local.poll('posts')
    const deadline = Date.now() + 10_000
    let kept = 300
    for (let n = 1; kept > 250 && Date.now() < deadline; n++) {
      await local.publish([new Note('late', n)], 'posts')
      kept = (await local.poll('posts')).length
    }
    expect(kept).to.be.within(1, 250)
    const next = await pollUntil(local, 'posts', 1, first.eventId)
    expect(field(next, 'text').at(-1)).to.equal('late')
    expect(Number(next.at(-1)?.eventId?.split(':')[1])).to.be.above(300)
  })
})
