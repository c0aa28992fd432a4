import { PartialPublishError, StreamerError, metadataOf } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { eventually } from '../support/eventually'
import { Publishing } from '../support/publishing'

const ids = (events: readonly ExternalEvent[]): (string | undefined)[] => events.map(({ metadata }) => metadata?.id)

describe('relay', () => {
  it('publishes what is stored, in order, and removes the marks', () =>
    Publishing.run(async (side, readCount) => {
      side.relay()
      const events = Array.from({ length: 35 }, (_, n) => side.event(`e${n}`, `p${n % 3}`))
      await side.storeAll(events)
      expect(ids(await side.published(35))).to.deep.equal(events.map(({ id }) => id))
      await eventually(async () => (await side.state.counts()).pending === 0)
      expect(readCount.reads).to.equal(0)
    }))

  it('publishes in the order stored what two commands at once have stored in turns', () =>
    Publishing.run(async (side) => {
      let release = (): void => undefined
      const released = new Promise<void>((resolve) => (release = resolve))
      side.relay()
      const slow = side.storeAt({ a1: 1, a2: 3 }, () => released)
      await eventually(async () => side.store.has('a1'))
      await side.storeAt({ b1: 2 })
      release()
      await slow
      expect(ids(await side.published(3))).to.deep.equal(['a1', 'b1', 'a2'])
    }))

  it('publishes in the order stored also what is marked and stored between its look at the marks and at the store', () =>
    Publishing.run(async (side) => {
      let release = (): void => undefined
      const released = new Promise<void>((resolve) => (release = resolve))
      const slow = side.storeAt({ a1: 1, a2: 3 }, () => released)
      await eventually(async () => side.store.has('a1'))
      side.meanwhile = async () => {
        await side.storeAt({ b1: 2 })
        release()
        await eventually(async () => side.store.has('a2'))
      }
      side.relay()
      await slow
      expect(ids(await side.published(3))).to.deep.equal(['a1', 'b1', 'a2'])
    }))

  it('publishes in the order stored also what stands on both sides of the edge of a batch', () =>
    Publishing.run(async (side) => {
      const later = Date.now() + 60_000
      await side.storeAt({ a1: later })
      await side.storeAll([side.event('x', 'q')])
      await side.storeAt({ b1: later - 1 })
      await side.storeAt({ c1: later + 1 })
      side.relay(side.log, true, 2)
      expect(ids(await side.published(4)).filter((id) => id !== 'x')).to.deep.equal(['b1', 'a1', 'c1'])
    }))

  it('looks behind a full page for events of its entities only, however long it took to store them', () =>
    Publishing.run(async (side, readCount) => {
      const events = Array.from({ length: 50 }, (_, n) => side.event(`e${n}`, `p${n}`))
      await side.state.commit(side.outbox.marksFor(events))
      for (const event of events) side.store.set(event.id, { ...event, storedAt: Date.now() + 60_000 })
      await side.sweeper(side.log, true, 10).sweep(AbortSignal.timeout(20_000))
      expect(ids(await side.published(50))).to.deep.equal(events.map(({ id }) => id))
      expect(readCount.most).to.be.at.most(10)
    }))

  it('reads each event of a backlog once, and publishes in order, where marks and events are written together', () =>
    Publishing.run(async (side, readCount) => {
      side.state.carry = async (changes, store, committed) => {
        await side.state.commit(changes)
        const result = await store()
        committed(result)
        return result
      }
      const events = Array.from({ length: 45 }, (_, n) => side.event(`e${n}`, `p${n % 7}`))
      await side.state.commit(side.outbox.marksFor(events))
      for (const event of events) side.store.set(event.id, event)
      await side.sweeper(side.log, true, 10).sweep(AbortSignal.timeout(20_000))
      expect(ids(await side.published(45))).to.deep.equal(events.map(({ id }) => id))
      expect(readCount.marks).to.equal(45)
    }))

  it('sends what the wire needs beside the event', () =>
    Publishing.run(async (side) => {
      side.relay()
      await side.storeAll([{ ...side.event('e1'), version: 3, context: { correlationId: 'c', causationId: 'x' } }])
      const [{ metadata, eventPayload }] = await side.published(1)
      expect(metadata).to.include({
        id: 'e1',
        type: 'Post',
        version: 3,
        source: 'app',
        subject: 'p',
        key: 'p',
        correlationId: 'c',
        causationId: 'x',
      })
      expect(eventPayload).to.deep.equal({ text: 'e1' })
    }))

  it('sweeps what an earlier process left, reading it from the event store', () =>
    Publishing.run(async (side, readCount) => {
      const events = [side.event('a'), side.event('b')]
      await side.state.commit(side.outbox.marksFor(events))
      for (const event of events) side.store.set(event.id, event)
      side.relay()
      expect(ids(await side.published(2))).to.deep.equal(['a', 'b'])
      expect(readCount.reads).to.be.greaterThan(0)
    }))

  it('drops the mark of an event that was never stored, and publishes what follows', () =>
    Publishing.run(async (side) => {
      await side.state.commit(side.outbox.marksFor([side.event('never')]))
      side.relay()
      await side.storeAll([side.event('after')])
      expect(ids(await side.published(1))).to.deep.equal(['after'])
      await eventually(async () => (await side.state.counts()).pending === 0)
    }))

  it('keeps the mark, and the order of its entity, while the event may yet be stored', () =>
    Publishing.run(async (side) => {
      const [slow, after, other] = [side.event('slow'), side.event('after'), side.event('other', 'q')]
      await side.state.commit(side.outbox.marksFor([slow]))
      side.relay(side.log, false)
      await side.storeAll([after, other])
      expect(ids(await side.published(1))).to.deep.equal(['other'])
      side.store.set('slow', slow)
      expect(ids(await side.published(3))).to.deep.equal(['other', 'slow', 'after'])
    }))

  it('keeps the order of an entity over the batches it looks through while the first waits', () =>
    Publishing.run(async (side) => {
      const [slow, after, other] = [side.event('slow'), side.event('after'), side.event('other', 'q')]
      await side.state.commit(side.outbox.marksFor([slow]))
      side.relay(side.log, false, 1)
      await side.storeAll([after, other])
      expect(ids(await side.published(1))).to.deep.equal(['other'])
      side.store.set('slow', slow)
      expect(ids(await side.published(3))).to.deep.equal(['other', 'slow', 'after'])
    }))

  it('tells the caller when the event store fails, and publishes nothing of it', () =>
    Publishing.run(async (side) => {
      side.relay()
      const error: unknown = await side.storeAll([side.event('lost')], true).catch((thrown: unknown) => thrown)
      expect((error as Error).message).to.equal('the event store is away')
      await side.storeAll([side.event('next')])
      expect(ids(await side.published(1))).to.deep.equal(['next'])
    }))

  it('stores nothing where the marks cannot be written', () =>
    Publishing.run(async (side) => {
      await side.state.close()
      const error: unknown = await side.storeAll([side.event('e')]).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(Error)
      expect(side.store.size).to.equal(0)
    }))

  it('waits out a broker that is away, commands going on, and sends everything once it is back', () =>
    Publishing.run(async (side) => {
      let away = true
      side.relay({
        publish: async (events, topic) => {
          if (away) throw new StreamerError('STREAMER_UNAVAILABLE', 'connection refused', { retryable: true })
          await side.log.publish(events, topic)
        },
      })
      const events = Array.from({ length: 250 }, (_, n) => side.event(`e${n}`))
      for (const event of events) await side.storeAll([event])
      await eventually(() => side.warnings.length > 0)
      expect((await side.state.counts()).pending).to.equal(250)
      away = false
      expect(ids(await side.published(250))).to.deep.equal(events.map(({ id }) => id))
    }))

  it('lets a command go on while the broker never answers, which a store that waits for the broker would not', () =>
    Publishing.run(async (side) => {
      const never = new Promise<void>(() => undefined)
      const goesOn = (command: Promise<unknown>): Promise<boolean> =>
        Promise.race([command.then(() => true), new Promise<false>((resolve) => setTimeout(() => resolve(false), 500))])
      const state = side.state
      expect(await goesOn(side.storeAll([side.event('a')]))).to.equal(true)
      expect((await state.counts()).pending).to.equal(1)
      expect(await goesOn(side.storeAll([side.event('b')]).then(() => never))).to.equal(false)
    }))

  it('sends only those again that failed', () =>
    Publishing.run(async (side) => {
      const sent: string[][] = []
      const failure = new StreamerError('STREAMER_UNAVAILABLE', 'partition without leader', { retryable: true })
      side.relay({
        publish: async (events) => {
          sent.push(events.map((event) => metadataOf(event)?.id ?? ''))
          if (sent.length === 1) throw new PartialPublishError([{ index: 1, error: failure }], events.length)
        },
      })
      await side.storeAll([side.event('a', 'p'), side.event('b', 'q'), side.event('c', 'r')])
      await eventually(async () => (await side.state.counts()).pending === 0)
      expect(sent).to.deep.equal([['a', 'b', 'c'], ['b']])
    }))

  it('sets aside what is refused for good, with the reason, and sends the others', () =>
    Publishing.run(async (side) => {
      side.relay({
        publish: async (events, topic) => {
          if (events.some((event) => metadataOf(event)?.id === 'big')) {
            throw new StreamerError('EVENT_TOO_LARGE', 'the event has 2,000,000 bytes')
          }
          await side.log.publish(events, topic)
        },
      })
      await side.storeAll([side.event('a'), side.event('big'), side.event('b')])
      expect(ids(await side.published(2))).to.deep.equal(['a', 'b'])
      await eventually(async () => (await side.state.counts()).pending === 0)
      expect((await side.state.counts()).refused).to.equal(1)
      expect(side.warnings.join()).to.contain('permanently refuses Post big')
    }))

  it('does not keep in memory more than its limit, and loses nothing beyond it', () =>
    Publishing.run(async (side, readCount) => {
      const events = Array.from({ length: 300 }, (_, n) => side.event(`e${n}`))
      await side.storeAll(events)
      side.relay()
      expect(ids(await side.published(300))).to.deep.equal(events.map(({ id }) => id))
      expect(readCount.reads).to.be.greaterThan(0)
    }))
})
