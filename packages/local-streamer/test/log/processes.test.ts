import { expect } from 'chai'
import { Doorbell } from '../../src/log/doorbell'
import { field, notes, pollUntil } from '../support/note'
import { Publisher } from '../support/publisher'
import { useTemporary } from '../support/temporary'

describe('several processes on one log', function () {
  // Each write waits for the disk, which others may have.
  this.timeout(120_000)
  const { streamer, path } = useTemporary()
  let publishers: Publisher[] = []

  function publisher(): Publisher {
    const made = new Publisher(path())
    publishers.push(made)
    return made
  }

  afterEach(async () => {
    await Promise.all(publishers.map((each) => each.kill()))
    publishers = []
  })

  it('a waiting poll wakes when another process publishes, and not when its time is over', async function () {
    const pollWaitMs = 15_000
    const local = streamer({ pollWaitMs })
    const other = publisher()
    await other.publish({ topic: 'posts', text: 'first', from: 0, to: 1 })
    let position = (await pollUntil(local, 'posts', 1))[0].eventId
    const waits: number[] = []
    for (let n = 1; n <= 20; n++) {
      const polled = local.poll('posts', position)
      await other.publish({ topic: 'posts', text: 'next', from: n, to: n + 1 })
      const started = performance.now()
      const [event] = await polled
      waits.push(performance.now() - started)
      position = event.eventId
    }
    waits.sort((a, b) => a - b)
    expect(waits[19]).to.be.below(pollWaitMs / 3)
    this.test!.title += ` (median ${waits[10].toFixed(1)} ms from the order to the event)`
  })

  it('the bell that another process rings is enough to wake', async () => {
    const other = publisher()
    await other.publish({ topic: 'posts', text: 'first', from: 0, to: 1 })
    await other.published(1)
    const bell = new Doorbell(path('log/doorbell'))
    try {
      const rung = bell.rung(15_000).then(() => performance.now())
      const started = performance.now()
      await other.publish({ topic: 'posts', text: 'second', from: 1, to: 2 })
      expect((await rung) - started).to.be.below(5000)
    } finally {
      bell.close()
    }
  })

  it('events of several writers stay in each one’s order, and in one order for all readers', async () => {
    const names = ['a', 'b', 'c']
    await Promise.all(names.map((text) => publisher().publish({ topic: 'posts', text, from: 0, to: 100 })))
    const events = await pollUntil(streamer({ pollWaitMs: 1000 }), 'posts', 300)
    for (const name of names) {
      const mine = events.filter((event) => field([event], 'text')[0] === name)
      expect(field(mine, 'n')).to.deep.equal(Array.from({ length: 100 }, (_, n) => n))
    }
    const again = await pollUntil(streamer(), 'posts', 300)
    expect(again.map(({ eventId }) => eventId)).to.deep.equal(events.map(({ eventId }) => eventId))
  })

  it('a reader that follows from the start misses nothing of what is being written', async () => {
    const reader = streamer({ pollWaitMs: 1000, pollBatch: 7 })
    const followed = pollUntil(reader, 'posts', 400)
    await Promise.all(['a', 'b'].map((text) => publisher().publish({ topic: 'posts', text, from: 0, to: 200 })))
    const ids = (await followed).map(({ eventId }) => eventId)
    expect(ids).to.deep.equal((await pollUntil(streamer(), 'posts', 400)).map(({ eventId }) => eventId))
  })

  it('a publisher that is killed loses nothing that it was told is durable, and holds up nobody', async () => {
    const [victim, other] = [publisher(), publisher()]
    await victim.publish({ topic: 'posts', text: 'victim', from: 0, to: 1_000_000 })
    await other.publish({ topic: 'posts', text: 'other', from: 0, to: 1_000_000 })
    await Promise.all([victim.published(50), other.published(50)])
    await victim.kill()
    await other.published(other.durable.length + 50)
    await other.kill()
    const local = streamer({ pollBatch: 100_000 })
    await local.publish(notes(1, 'afterwards'), 'posts')
    const events = await local.poll('posts')
    for (const [name, { durable }] of [
      ['victim', victim],
      ['other', other],
    ] as const) {
      const there = field(
        events.filter((event) => field([event], 'text')[0] === name),
        'n'
      )
      expect(there.slice(0, durable.length)).to.deep.equal(durable)
    }
    expect(field(events, 'text').at(-1)).to.equal('afterwards')
  })
})
