import { expect } from 'chai'
import { InFlight } from '../../src/receive'
import type { StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { TestEffects, receiving } from '../support/receiving'
import type { Note } from '../support/receiving'

const notes = (key: string, count: number): Note[] => Array.from({ length: count }, (_, n) => ({ key, n }))

describe('receiver', () => {
  it('runs each event once, one key in order, keys at once', () =>
    receiving(async (side) => {
      const seen: string[] = []
      let running = 0
      let most = 0
      const effects = new TestEffects(async ({ key, n }) => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        seen.push(`${key}${n}`)
        return [`${key}${n}`]
      })
      await side.publish(notes('a', 30).flatMap((note) => [note, { ...note, key: 'b' }, { ...note, key: 'c' }]))
      await side.receive({ effects })
      await eventually(
        () => effects.stored.length === 90,
        () => effects.stored.length
      )
      for (const key of ['a', 'b', 'c']) {
        expect(seen.filter((one) => one.startsWith(key))).to.deep.equal(notes(key, 30).map(({ n }) => `${key}${n}`))
      }
      expect(most).to.be.within(2, 3)
    }))

  it('bounds the keys that run at once', () =>
    receiving(async (side) => {
      let running = 0
      let most = 0
      let done = 0
      const effects = new TestEffects(async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setTimeout(resolve, 2))
        running -= 1
        done += 1
        return []
      })
      await side.publish(Array.from({ length: 20 }, (_, n) => ({ key: `k${n}`, n })))
      await side.receive({ effects, concurrency: 3 })
      await eventually(
        () => done === 20,
        () => done
      )
      expect(most).to.equal(3)
    }))

  it('takes an event once that comes twice', () =>
    receiving(async (side) => {
      let runs = 0
      const effects = new TestEffects(() => {
        runs += 1
        return ['x']
      })
      await side.publish([...notes('a', 2), ...notes('a', 2)])
      await side.publish([{ key: 'end', n: 0 }])
      const receiver = await side.receive({ effects })
      await eventually(() => effects.stored.some(({ id }) => id.includes('end')) && receiver.unsettled === 0)
      expect(runs).to.equal(3)
      expect(effects.stored).to.have.length(3)
    }))

  it('takes an event once that comes from two addresses', () =>
    receiving(async (side) => {
      const runs: string[] = []
      const effects = new TestEffects(async ({ key, n }) => {
        await new Promise((resolve) => setTimeout(resolve, 1))
        runs.push(`${key}${n}`)
        return []
      })
      await side.publish(notes('a', 20))
      const shared = { effects, state: await side.state(), inFlight: new InFlight() }
      const receivers = [
        await side.receive(shared),
        await side.receive({ ...shared, address: 'again/notes', links: [side.link({ address: 'again/notes' })] }),
      ]
      await eventually(async () => {
        const places = await Promise.all(['log/notes', 'again/notes'].map((address) => shared.state.position(address)))
        return receivers.every(({ unsettled }) => unsettled === 0) && places.every((place) => place?.endsWith(':20'))
      })
      expect(runs).to.deep.equal(notes('a', 20).map(({ n }) => `a${n}`))
    }))

  it('goes on from where it left off', () =>
    receiving(async (side) => {
      const effects = new TestEffects(({ n }) => [String(n)])
      const state = await side.state()
      await side.publish(notes('a', 3))
      const first = await side.receive({ effects, state })
      await eventually(() => effects.stored.length === 3)
      await first.stop()
      const position = await state.position('log/notes')
      await side.publish([{ key: 'a', n: 3 }])
      await side.receive({ effects, state })
      await eventually(() => effects.stored.length === 4)
      expect(effects.stored.map(({ text }) => text)).to.deep.equal(['0', '1', '2', '3'])
      expect(position).to.match(/:3$/)
    }))

  it('tries again from the park, the followers of the key behind, other keys meanwhile', () =>
    receiving(async (side) => {
      const seen: string[] = []
      let failures = 0
      const effects = new TestEffects(({ key, n }) => {
        if (key === 'a' && n === 1 && failures < 2) {
          failures += 1
          throw new Error('not yet')
        }
        seen.push(`${key}${n}`)
        return []
      })
      await side.publish([...notes('a', 5), ...notes('b', 5)])
      const state = await side.state()
      const receiver = await side.receive({ effects, state })
      await eventually(
        () => seen.length === 10,
        () => seen
      )
      expect(seen.filter((one) => one.startsWith('a'))).to.deep.equal(['a0', 'a1', 'a2', 'a3', 'a4'])
      expect(seen.indexOf('b4')).to.be.lessThan(seen.indexOf('a1'))
      await eventually(async () => receiver.unsettled === 0 && (await state.counts()).parked === 0)
      expect(failures).to.equal(2)
    }))

  it('settles what is parked at once, however long the retry is away', () =>
    receiving(async (side) => {
      const effects = new TestEffects(({ n }) => {
        if (n === 0) throw new Error('not today')
        return []
      })
      const retry = { attempts: 3, firstDelayMs: 3_600_000, factor: 1, maxDelayMs: 3_600_000, jitter: 0 }
      const state = await side.state()
      const receiver = await side.receive({ effects, state, links: [side.link({ retry })] })
      await side.publish(notes('a', 4))
      await eventually(async () => (await state.counts()).parked === 4 && receiver.unsettled === 0)
      await eventually(async () => (await state.position('log/notes'))?.endsWith(':4') ?? false)
    }))

  it('counts attempts across a restart, and gives up after the last with its cause', () =>
    receiving(async (side) => {
      let runs = 0
      const effects = new TestEffects(() => {
        runs += 1
        throw new TypeError(`failure ${runs}`)
      })
      const retry = { attempts: 4, firstDelayMs: 30, factor: 1, maxDelayMs: 30, jitter: 0 }
      const state = await side.state()
      const options = { effects, state, links: [side.link({ retry })] }
      await side.publish(notes('a', 1))
      const first = await side.receive(options)
      await eventually(() => runs === 2)
      await first.stop()
      await side.receive(options)
      await eventually(async () => (await state.counts()).deadLetters === 1)
      expect(runs).to.equal(4)
      const [letter] = await state.deadLetters(10)
      expect(letter).to.deep.include({ attempts: 4, handler: 'Handler', key: 'a', id: 'a-0', holds: true })
      expect(letter.cause).to.include({ name: 'TypeError', message: 'failure 4' })
      expect(letter.cause?.stack).to.contain('receiver.test')
      expect(Buffer.from(letter.event).includes('"n":0')).to.equal(true)
    }))

  it('holds the key behind a dead letter, up to the limit, and lets other keys pass', () =>
    receiving(async (side) => {
      const seen: string[] = []
      const effects = new TestEffects(({ key, n }) => {
        if (key === 'a' && n === 0) throw new Error('never')
        seen.push(`${key}${n}`)
        return []
      })
      const state = await side.state()
      const receiver = await side.receive({ effects, state, links: [side.link({ holdLimit: 3 })] })
      await side.publish(notes('a', 1))
      await eventually(async () => (await state.counts()).deadLetters === 1)
      await side.publish([...notes('a', 7).slice(1), ...notes('b', 1)])
      await eventually(() => seen.length === 1 && receiver.unsettled === 0)
      expect(seen).to.deep.equal(['b0'])
      const letters = await state.deadLetters(10)
      expect(letters.map(({ id }) => id)).to.deep.equal(['a-0', 'a-4', 'a-5', 'a-6'])
      expect((await state.counts()).parked).to.equal(3)
    }))

  it('tries a dead letter again when it is redriven, and then what waited behind it, in order', () =>
    receiving(async (side) => {
      const seen: number[] = []
      let mended = false
      const effects = new TestEffects(({ n }) => {
        if (n === 0 && !mended) throw new Error('not before it is mended')
        seen.push(n)
        return []
      })
      const state = await side.state()
      const receiver = await side.receive({ effects, state })
      await side.publish(notes('a', 4))
      await eventually(async () => {
        const { deadLetters, parked } = await state.counts()
        return deadLetters === 1 && parked === 3
      })
      mended = true
      const [letter] = await state.deadLetters(1)
      await state.commit([{ do: 'redrive', place: letter.place ?? 0, at: Date.now() }])
      await receiver.refresh()
      await eventually(async () => seen.length === 4 && (await state.counts()).parked === 0)
      expect(seen).to.deep.equal([0, 1, 2, 3])
      expect((await state.counts()).deadLetters).to.equal(0)
    }))

  it('goes on with what waited when a dead letter is discarded', () =>
    receiving(async (side) => {
      const seen: number[] = []
      const effects = new TestEffects(({ n }) => {
        if (n === 0) throw new Error('never')
        seen.push(n)
        return []
      })
      const state = await side.state()
      const receiver = await side.receive({ effects, state })
      await side.publish(notes('a', 3))
      await eventually(async () => (await state.counts()).parked === 2)
      const [letter] = await state.deadLetters(1)
      const { handler, source, id, place } = letter
      await state.commit([
        { do: 'finish', key: { handler, source, id }, at: Date.now() },
        { do: 'unpark', place: place ?? 0 },
      ])
      await receiver.refresh()
      await eventually(() => seen.length === 2)
      expect(seen).to.deep.equal([1, 2])
    }))

  it('parks what comes for a paused link, and hands it over in order when that is resumed', () =>
    receiving(async (side) => {
      const seen: number[] = []
      const effects = new TestEffects(({ n }) => {
        seen.push(n)
        return []
      })
      const state = await side.state()
      const link = { address: 'log/notes', handler: 'Handler' }
      await state.commit([{ do: 'pause-link', ...link, paused: true }])
      const receiver = await side.receive({ effects, state })
      await side.publish([...notes('a', 3), { n: 9 }])
      await eventually(async () => receiver.unsettled === 0 && (await state.counts()).parked === 4)
      expect(seen).to.deep.equal([])
      await state.commit([{ do: 'pause-link', ...link, paused: false }])
      await receiver.refresh()
      await eventually(() => seen.length === 4)
      expect(seen.filter((n) => n < 9)).to.deep.equal([0, 1, 2])
    }))

  it('lets the key pass a dead letter where it is told to', () =>
    receiving(async (side) => {
      const seen: number[] = []
      const effects = new TestEffects(({ n }) => {
        if (n === 1) throw new Error('never')
        seen.push(n)
        return []
      })
      const state = await side.state()
      await side.receive({ effects, state, links: [side.link({ afterDeadLetter: 'continue' })] })
      await side.publish(notes('a', 4))
      await eventually(() => seen.length === 3)
      expect(seen).to.deep.equal([0, 2, 3])
      await side.publish([{ key: 'a', n: 1 }])
      await side.publish([{ key: 'a', n: 9 }])
      await eventually(() => seen.length === 4)
      expect((await state.counts()).deadLetters).to.equal(1)
    }))

  it('stores what is left of an outcome after the store failed, without running the handler again', () =>
    receiving(async (side) => {
      let runs = 0
      const effects = new TestEffects(() => {
        runs += 1
        return ['one', 'two', 'three']
      })
      await side.publish(notes('a', 1))
      effects.storeFailures = [new Error('the store is away'), new Error('still')]
      const state = await side.state()
      await side.receive({ effects, state })
      await eventually(() => effects.stored.length === 3)
      expect(runs).to.equal(1)
      expect(effects.stored.map(({ text }) => text)).to.deep.equal(['one', 'two', 'three'])
      await eventually(async () => (await state.counts()).parked === 0)
    }))

  it('acknowledges nothing while the state cannot be written', () =>
    receiving(async (side) => {
      const effects = new TestEffects(({ n }) => [String(n)])
      const state = await side.state()
      let broken = true
      const failing = Object.create(state, {
        commit: {
          value: async (changes: Parameters<StateStore['commit']>[0]) => {
            if (broken) throw new Error('the disk is full')
            return state.commit(changes)
          },
        },
      }) as StateStore
      await side.publish(notes('a', 3))
      const receiver = await side.receive({ effects, state: failing })
      await eventually(() => receiver.unsettled === 3)
      expect(effects.stored).to.have.length(0)
      expect(await state.position('log/notes')).to.equal(undefined)
      broken = false
      await eventually(() => effects.stored.length === 3)
    }))

  it('gives up at once on what is no event, and goes on', () =>
    receiving(async (side) => {
      const { metadata } = { metadata: { id: 'bad', key: 'a', raw: Buffer.from('{"torn') } }
      const seen: number[] = []
      const effects = new TestEffects(({ n }) => {
        seen.push(n)
        return []
      })
      const connector = side.connector()
      const original = connector.poll.bind(connector)
      const state = await side.state()
      const undecodable = new (await import('@boostercloud/streamer-connector')).StreamerError(
        'EVENT_UNDECODABLE',
        'torn'
      )
      const spoiling = {
        poll: async (topic?: string, last?: string) =>
          (await original(topic, last)).map((event) =>
            (event.eventPayload as Note).n === 1
              ? { ...event, eventPayload: undefined, metadata: { ...metadata, undecodable } }
              : event
          ),
      }
      await side.publish(notes('a', 3))
      await side.receive({ effects, state, connector: spoiling })
      await eventually(() => seen.length === 2)
      expect(seen).to.deep.equal([0, 2])
      const [letter] = await state.deadLetters(10)
      expect(letter).to.include({ handler: '', holds: false, id: 'bad', attempts: 0 })
      expect(letter.cause).to.include({ code: 'EVENT_UNDECODABLE' })
      expect(Buffer.from(letter.event).includes('{"torn')).to.equal(true)
    }))

  it('gives typed handlers their class and untyped ones everything', () =>
    receiving(async (side) => {
      const seen: string[] = []
      const effects = new TestEffects(({ n }, { handler }) => {
        seen.push(`${handler}${n}`)
        return []
      })
      await side.receive({
        effects,
        links: [
          side.link({ handler: 'T', typeName: 'Note' }),
          side.link({ handler: 'U', typeName: 'Other' }),
          side.link({ handler: 'All' }),
        ],
      })
      await side.publish([{ key: 'a', n: 1 }], 'Note')
      await side.publish([{ key: 'b', n: 2 }], 'Other')
      await side.publish([{ key: 'c', n: 3 }], 'Third')
      await eventually(() => seen.length === 5)
      expect(seen.sort()).to.deep.equal(['All1', 'All2', 'All3', 'T1', 'U2'])
    }))

  it('hands over batches, their effects once, each key in order', () =>
    receiving(async (side) => {
      const effects = new TestEffects(({ key, n }) => [`${key}${n}`])
      await side.publish([...notes('a', 40), ...notes('b', 40)])
      const state = await side.state()
      await side.receive({ effects, state, links: [side.link({ batchSize: 30 })] })
      await eventually(() => effects.stored.length === 80)
      expect(Math.max(...effects.batches)).to.be.within(2, 30)
      const texts = effects.stored.map(({ text }) => text)
      for (const key of ['a', 'b']) {
        expect(texts.filter((text) => text.startsWith(key))).to.deep.equal(notes(key, 40).map(({ n }) => `${key}${n}`))
      }
    }))

  it('handles the events of a batch that fails alone, so that one bad event holds only its key', () =>
    receiving(async (side) => {
      let failures = 0
      const effects = new TestEffects(({ key, n }) => {
        if (key === 'a' && n === 1 && failures < 3) {
          failures += 1
          throw new Error('not yet')
        }
        return [`${key}${n}`]
      })
      await side.publish([...notes('a', 5), ...notes('b', 5)])
      const state = await side.state()
      const retry = { attempts: 9, firstDelayMs: 10, factor: 1, maxDelayMs: 10, jitter: 0 }
      await side.receive({ effects, state, links: [side.link({ batchSize: 30, retry })] })
      await eventually(async () => effects.stored.length === 10 && (await state.counts()).parked === 0)
      const texts = effects.stored.map(({ text }) => text)
      expect(texts.filter((text) => text.startsWith('a'))).to.deep.equal(['a0', 'a1', 'a2', 'a3', 'a4'])
      expect(texts.indexOf('b4')).to.be.lessThan(texts.indexOf('a1'))
    }))

  it("stores what is left of a batch's outcome, without running the handler again", () =>
    receiving(async (side) => {
      const effects = new TestEffects(({ key, n }) => [`${key}${n}`])
      effects.storeFailures = [new Error('the store is away')]
      await side.publish([...notes('a', 3), ...notes('b', 3)])
      const state = await side.state()
      const receiver = await side.receive({ effects, state, links: [side.link({ batchSize: 30 })] })
      await eventually(async () => effects.stored.length === 6 && (await state.counts()).parked === 0)
      await eventually(() => receiver.unsettled === 0)
      expect(effects.batches.reduce((sum, size) => sum + size)).to.equal(6)
      expect(new Set(effects.stored.map(({ id }) => id)).size).to.equal(6)
    }))

  it('leaves running handlers unsettled when it is stopped before they finish, and they come again', () =>
    receiving(async (side) => {
      const state = await side.state()
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => (release = resolve))
      let runs = 0
      const effects = new TestEffects(async () => {
        runs += 1
        await held
        return ['done']
      })
      await side.publish(notes('a', 1))
      const first = await side.receive({ effects, state })
      await eventually(() => runs === 1)
      const stopped = first.stop()
      expect(await state.position('log/notes')).to.equal(undefined)
      release()
      await stopped
      expect(effects.stored).to.have.length(1)
      expect(await state.position('log/notes')).to.match(/:1$/)
    }))
})
