import { metadataOf } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { eventually } from '../support/eventually'
import { Publishing } from '../support/publishing'

/** Notes what it is given, and fails the first so many times. */
class Recorder implements Pick<StreamerConnector, 'publish'> {
  public readonly batches: EventInterface[][] = []

  public constructor(private failures = 0) {}

  public async publish(events: EventInterface[]): Promise<void> {
    this.batches.push(events)
    this.failures -= 1
    if (this.failures >= 0) throw new Error('not now')
  }

  public get times(): (string | undefined)[] {
    return this.batches.flat().map((event) => metadataOf(event)?.time)
  }
}

describe('what the relay publishes', () => {
  it('is two events with an id each where one object was stored twice, and the object is not written to', () =>
    Publishing.run(async (side) => {
      const one = side.event('1')
      const value = Object.freeze(one.value)
      await side.storeAll([
        { ...one, value },
        { ...side.event('2'), value },
      ])
      side.relay()
      const events = await side.published(2)
      expect(events.map(({ metadata }) => metadata?.id)).to.deep.equal(['1', '2'])
      expect(metadataOf(value)).to.equal(undefined)
    }))

  it('has an object of its own for each address and each try, with what that address hands on', () =>
    Publishing.run(async (side) => {
      await side.storeAll([side.event('1')])
      const [one, other] = [new Recorder(1), new Recorder()]
      await side
        .sweeper(one)
        .sweep(new AbortController().signal)
        .catch((error: Error) => expect(error.message).to.equal('not now'))
      await side.sweeper(other).sweep(new AbortController().signal)
      expect(one.batches[0][0]).to.not.equal(other.batches[0][0])
      expect(other.batches[0][0]).to.deep.include({ text: '1' })
      expect(metadataOf(one.batches[0][0])).to.deep.equal(metadataOf(other.batches[0][0]))
    }))

  it('says when the event was stored, the same at every try', () =>
    Publishing.run(async (side) => {
      const storedAt = Date.parse('2026-02-03T04:05:06.789Z')
      const live = new Recorder(2)
      side.relay(live)
      await side.storeAt({ '1': storedAt })
      await eventually(
        () => live.batches.length >= 3,
        () => live.batches.length
      )
      await side.storeAt({ '2': storedAt + 1 })
      await eventually(
        () => live.times.length >= 4,
        () => live.times
      )
      expect(new Set(live.times)).to.deep.equal(new Set(['2026-02-03T04:05:06.789Z', '2026-02-03T04:05:06.790Z']))
    }))

  it('reads the time from the store where its answer does not tell it', () =>
    Publishing.run(async (side, readCount) => {
      const storedAt = Date.parse('2026-02-03T04:05:06.789Z')
      const event = side.event('1')
      await side.outbox.store(
        [event],
        async () => void side.store.set('1', { ...event, storedAt }),
        () => new Map()
      )
      const recorder = new Recorder()
      await side.sweeper(recorder).sweep(new AbortController().signal)
      await side.sweeper(recorder).sweep(new AbortController().signal)
      expect([recorder.times, readCount.reads > 0]).to.deep.equal([['2026-02-03T04:05:06.789Z'], true])
    }))
})
