import { PartialPublishError, StreamerError, metadataOf } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Feed } from '../../src/publish'
import type { StoredEvent } from '../../src/publish'
import { Publishing } from '../support/publishing'

const forever = new AbortController().signal
const quiet = (): void => undefined
const away = new StreamerError('STREAMER_UNAVAILABLE', 'It is away.', { retryable: true })

/** A broker that does as it is told, and remembers what it took. */
class Broker {
  public readonly took: (string | undefined)[] = []
  public readonly times: (string | undefined)[] = []
  /** What becomes of a batch; undefined: it is taken. */
  public does: (ids: readonly (string | undefined)[]) => Error | 'hangs' | undefined = () => undefined

  public async publish(events: object[]): Promise<void> {
    const ids = events.map((event) => metadataOf(event)?.id)
    this.times.push(...events.map((event) => metadataOf(event)?.time))
    const does = this.does(ids)
    if (does === 'hangs') return new Promise(() => undefined)
    if (does instanceof PartialPublishError) {
      const failed = new Set(does.failed.map(({ index }) => index))
      this.took.push(...ids.filter((_, index) => !failed.has(index)))
    }
    if (does) throw does
    this.took.push(...ids)
  }
}

function feedOf({ state }: Publishing, broker: Broker): Feed {
  return new Feed({
    address: 'log/posts',
    connector: broker as unknown as StreamerConnector,
    state,
    source: 'app',
    owner: 'me',
    limitMs: 100,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  })
}

/** Stored events, as the store's stream tells of them. */
function stored(side: Publishing, ...ids: readonly string[]): StoredEvent[] {
  const events = ids.map((id, index) => ({ ...side.event(id), storedAt: 1_000 + index }))
  for (const event of events) side.store.set(event.id, event)
  return events
}

const pending = async ({ state }: Publishing): Promise<string[]> =>
  (await state.pendingMarks('log/posts', { limit: 100 })).map(({ id }) => id)

describe('a feed', () => {
  it('publishes what it is told of, and marks nothing', () =>
    Publishing.run(async (side) => {
      const broker = new Broker()
      await feedOf(side, broker).publish(stored(side, 'a', 'b'))
      await feedOf(side, broker).publish([])
      expect(broker.took).to.deep.equal(['a', 'b'])
      expect(await side.state.counts()).to.include({ pending: 0 })
    }))

  it('says when each was stored, the same at every try and where a relay publishes it later', () =>
    Publishing.run(async (side) => {
      const broker = new Broker()
      broker.does = () => away
      await feedOf(side, broker).publish(stored(side, 'a'))
      broker.does = () => undefined
      await side.sweeper(broker as unknown as StreamerConnector).sweep(forever)
      expect(broker.took).to.deep.equal(['a'])
      expect(new Set(broker.times)).to.deep.equal(new Set(['1970-01-01T00:00:01.000Z']))
      expect(broker.times.length).to.be.greaterThan(1)
    }))

  for (const [how, does] of [
    ['is away', away],
    ['does not answer', 'hangs'],
  ] as const) {
    it(`has pending what a broker that ${how} does not take, and what comes after it, in order`, () =>
      Publishing.run(async (side) => {
        const broker = new Broker()
        broker.does = () => does
        await feedOf(side, broker).publish(stored(side, 'a', 'b'))
        broker.does = () => undefined
        await feedOf(side, broker).publish(stored(side, 'c'))
        expect(broker.took).to.deep.equal([])
        expect(await pending(side)).to.deep.equal(['a', 'b', 'c'])
      }))
  }

  it('has pending only what of a batch failed, and refused what is never taken', () =>
    Publishing.run(async (side) => {
      const broker = new Broker()
      const large = new StreamerError('EVENT_TOO_LARGE', 'It is too large.')
      const failed = [
        { index: 1, error: away },
        { index: 2, error: large },
      ]
      broker.does = () => new PartialPublishError(failed, 3)
      await feedOf(side, broker).publish(stored(side, 'a', 'b', 'c'))
      expect(broker.took).to.deep.equal(['a'])
      expect(await pending(side)).to.deep.equal(['b'])
      expect((await side.state.refusedMarks(10)).map(({ id }) => id)).to.deep.equal(['c'])
    }))

  it('finds the one that is never taken by sending one by one, and holds up nothing for it', () =>
    Publishing.run(async (side) => {
      const broker = new Broker()
      const large = new StreamerError('EVENT_TOO_LARGE', 'It is too large.')
      broker.does = (ids) => (ids.includes('b') ? large : undefined)
      await feedOf(side, broker).publish(stored(side, 'a', 'b', 'c'))
      expect(broker.took).to.deep.equal(['a', 'c'])
      expect(await pending(side)).to.deep.equal([])
      expect((await side.state.refusedMarks(10)).map(({ id }) => id)).to.deep.equal(['b'])
    }))
})

describe('a sweep', () => {
  it('publishes what is pending, in the order stored, and ends', () =>
    Publishing.run(async (side) => {
      const broker = new Broker()
      broker.does = () => away
      const numbered = Array.from({ length: 25 }, (_, n) => `e${n}`)
      await feedOf(side, broker).publish(stored(side, ...numbered))
      const relay = side.sweeper()
      await relay.sweep(forever)
      expect((await side.published(25)).map(({ metadata }) => metadata?.id)).to.deep.equal(numbered)
      expect(await side.state.counts()).to.include({ pending: 0 })
    }))

  it('rejects where the broker takes nothing, and keeps what is pending', () =>
    Publishing.run(async (side) => {
      const broker = new Broker()
      broker.does = () => away
      await feedOf(side, broker).publish(stored(side, 'a'))
      const thrown = await side
        .sweeper(broker as unknown as StreamerConnector)
        .sweep(forever)
        .then(
          () => undefined,
          (error: unknown) => error
        )
      expect(thrown).to.equal(away)
      expect(await pending(side)).to.deep.equal(['a'])
    }))

  it('ends where its time is over', () =>
    Publishing.run(async (side) => {
      const broker = new Broker()
      broker.does = () => away
      await feedOf(side, broker).publish(stored(side, 'a'))
      await side.sweeper().sweep(AbortSignal.abort())
      expect(await pending(side)).to.deep.equal(['a'])
    }))
})
