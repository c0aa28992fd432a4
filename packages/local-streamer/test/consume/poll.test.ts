import { expect } from 'chai'
import { cloudEvents, withMetadata } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'
import { Note, field, notes, pollUntil } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { useTemporary } from '../support/temporary'

describe('poll', () => {
  const { streamer } = useTemporary()

  it('hands out a topic in order, in batches, from any position, and again from the same one', async () => {
    const local = streamer({ pollBatch: 4 })
    await local.publish(notes(10), 'posts')
    await local.publish(notes(10), 'users')
    const all = await pollUntil(local, 'posts', 10)
    expect(field(all, 'n')).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(field(await local.poll('posts', all[6].eventId), 'n')).to.deep.equal([7, 8, 9])
    expect(field(await local.poll('posts', all[6].eventId), 'n')).to.deep.equal([7, 8, 9])
    expect(await local.poll('posts', all[9].eventId)).to.deep.equal([])
    expect(field(await local.poll('posts'), 'n')).to.deep.equal([0, 1, 2, 3])
  })

  it('serves two services, each at its own position', async () => {
    const [blog, audit] = [streamer(), streamer()]
    await blog.publish(notes(6), 'posts')
    const first = await blog.poll('posts')
    await blog.publish(notes(2), 'posts')
    expect(await blog.poll('posts', first[5].eventId)).to.have.length(2)
    expect(await audit.poll('posts')).to.have.length(8)
  })

  it('bounds what is in memory, and still hands out one event that is larger', async () => {
    const local = streamer({ maxEventBytes: 40_000_000, synchronous: 'NORMAL' })
    const large = (megabytes: number): Note => new Note('x'.repeat(megabytes * 1_000_000))
    await local.publish([large(17), large(7), large(7), large(7)], 'posts')
    const batches: number[] = []
    let position: string | undefined
    for (let total = 0; total < 4; total += batches.at(-1) as number) {
      const events = await local.poll('posts', position)
      position = events.at(-1)?.eventId
      batches.push(events.length)
    }
    expect(batches).to.deep.equal([1, 2, 1])
  })

  it('waits for the first event and no longer than it is told', async () => {
    const local = streamer({ pollWaitMs: 30_000 })
    const polled = local.poll('posts')
    await streamer().publish(notes(1), 'users')
    await streamer().publish(notes(1), 'posts')
    expect(await polled).to.have.length(1)
    const shortly = streamer({ pollWaitMs: 20 })
    const started = performance.now()
    expect(await shortly.poll('none')).to.deep.equal([])
    expect(performance.now() - started).to.be.at.least(19)
  })

  it('ends waiting polls at close, closes twice, and is closed then', async () => {
    const local = streamer({ pollWaitMs: 30_000 })
    const started = performance.now()
    const early = local.poll('posts')
    await streamer().publish(notes(1), 'users')
    const late = local.poll('users', (await local.poll('users'))[0].eventId)
    await Promise.all([local.close(), local.close()])
    expect(await early).to.deep.equal([])
    expect(await late).to.deep.equal([])
    expect(performance.now() - started).to.be.below(15_000)
    await rejection(local.poll('posts'), 'CLOSED')
    await rejection(local.publish(notes(1), 'posts'), 'CLOSED')
    expect((await local.health()).healthy).to.equal(false)
  })

  it('closes while it opens, before it is used, and keeps what is being published', async () => {
    await streamer().close()
    const opening = streamer({ pollWaitMs: 30_000 })
    const polled = opening.poll('posts')
    await opening.close()
    expect(await polled).to.deep.equal([])
    const local = streamer()
    await local.poll('posts')
    const published = local.publish(notes(3), 'posts')
    await new Promise((resolve) => setImmediate(resolve))
    await local.close()
    await published
    expect(await streamer().poll('posts')).to.have.length(3)
  })

  it('refuses a position that is none, before it waits', async () => {
    const local = streamer({ pollWaitMs: 30_000 })
    for (const id of ['', '7', 'x:1', '0123456789abcdef:', '0123456789abcdef:-1', '0123456789abcdef:1.5']) {
      await rejection(local.poll('posts', id), 'OPTION_INVALID')
    }
  })

  it('hands out what cannot be decoded, with the reason, and what follows it', async () => {
    const garbled: Codec = {
      ...cloudEvents,
      encode: () => ({ body: Buffer.from('{'), attributes: { id: '1' }, headers: {} }),
    }
    await streamer({ codec: garbled }).publish(notes(1), 'posts')
    const local = streamer()
    await local.publish([withMetadata(new Note('fine'), { id: '2' })], 'posts')
    const events = await local.poll('posts')
    expect(events.map(({ metadata }) => metadata?.undecodable?.code)).to.deep.equal(['EVENT_UNDECODABLE', undefined])
    expect(events.map(({ metadata }) => metadata?.id)).to.deep.equal(['1', '2'])
  })
})
