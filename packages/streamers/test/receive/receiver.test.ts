import { expect } from 'chai'
import { InFlight } from '../../src/receive'
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
