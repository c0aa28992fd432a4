import { expect } from 'chai'
import type { StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { TestEffects, receiving } from '../support/receiving'
import type { Note } from '../support/receiving'

const notes = (key: string, count: number): Note[] => Array.from({ length: count }, (_, n) => ({ key, n }))

describe('receiver, when handlers or stores fail', () => {
  it('tries again from the park, the followers of the key behind, other keys meanwhile', () =>
    receiving(async (side) => {
      const seen: string[] = []
      let failures = 0
      const effects = new TestEffects(async ({ key, n }) => {
        if (key === 'a' && n === 1 && failures < 2) {
          failures += 1
          throw new Error('not yet')
        }
        // The followers of one key are handled while another one is still busy.
        if (key === 'a' && n === 1) await eventually(() => seen.includes('b4'))
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
      expect(letter.cause?.stack).to.contain('receiver-failures.test')
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
      let fixed = false
      const effects = new TestEffects(({ n }) => {
        if (n === 0 && !fixed) throw new Error('not before it is fixed')
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
      fixed = true
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
      const { metadata } = { metadata: { id: 'bad', source: 'test', key: 'a', raw: Buffer.from('{"torn') } }
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
})
