import { expect } from 'chai'
import type { ParkedEvent, StateChange } from '../../src/state'
import { headOf, mark, parked } from '../support/records'
import type { OpenState } from './open-state'
import { asOwner } from './open-state'

/** Of park, dead letters. */
export function testPark(on: OpenState): void {
  describe('park', () => {
    const lane = { address: 'main/posts', handler: 'H', key: 'k' }

    it('gives back a parked event as it was written, the oldest of its lane first', async () => {
      const first = parked({ id: 'e1', cause: { name: 'Error', message: 'ü', stack: 'at' } })
      await on.state.commit([
        { do: 'park', event: first },
        { do: 'park', event: parked({ id: 'e2', state: 'follower' }) },
      ])
      await on.reopen()
      const head = await headOf(on.state, lane)
      expect(head).to.deep.include({ ...first, event: head?.event })
      expect([...(head?.event ?? [])]).to.deep.equal([1, 2, 3])
      await on.state.commit([{ do: 'unpark', place: head?.place ?? 0 }])
      expect((await headOf(on.state, lane))?.id).to.equal('e2')
    })

    it('gives back as many of a lane as are asked for, oldest first', async () => {
      const ids = Array.from({ length: 12 }, (_, n) => `e${n}`)
      await on.state.commit(
        ids.flatMap((id): StateChange[] => [
          { do: 'park', event: parked({ id }) },
          { do: 'park', event: parked({ id: `other ${id}`, key: 'l' }) },
        ])
      )
      const idsOf = async (limit: number): Promise<string[]> =>
        (await on.state.parkedOf(lane, limit)).map(({ id }) => id)
      expect(await idsOf(8)).to.deep.equal(ids.slice(0, 8))
      expect(await idsOf(99)).to.deep.equal(ids)
    })

    it('parks the same event once, in its first place', async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1', attempts: 4 }) },
        { do: 'park', event: parked({ id: 'e2' }) },
        { do: 'park', event: parked({ id: 'e1', attempts: 0 }) },
      ])
      expect(await headOf(on.state, lane)).to.include({ id: 'e1', attempts: 4 })
      expect(await on.state.counts()).to.include({ parked: 2 })
    })

    it('counts the attempts of whoever parks an event that is parked already', async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1', state: 'follower', attempts: 0 }) },
        { do: 'park', event: parked({ id: 'e2' }) },
        { do: 'park', event: parked({ id: 'e1', state: 'retry', attempts: 1, dueAt: 70 }) },
        { do: 'park', event: parked({ id: 'e1', state: 'retry', attempts: 1, dueAt: 90 }) },
      ])
      expect(await headOf(on.state, lane)).to.include({ id: 'e1', state: 'retry', attempts: 2, dueAt: 90 })
      expect(await on.state.counts()).to.include({ parked: 2 })
    })

    it('leaves a dead letter as it is when its event is parked once more', async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1', state: 'dead', holds: true, attempts: 8 }) },
        { do: 'park', event: parked({ id: 'e1', state: 'retry', attempts: 1 }) },
      ])
      expect(await headOf(on.state, lane)).to.include({ state: 'dead', holds: true, attempts: 8 })
    })

    it('keeps what a further attempt came to', async () => {
      await on.state.commit([{ do: 'park', event: parked({}) }])
      const head = await headOf(on.state, lane)
      if (!head?.place) throw new Error('nothing is parked')
      await on.state.commit([{ do: 'repark', place: head.place, event: { ...head, attempts: 2, dueAt: 99 } }])
      expect(await headOf(on.state, lane)).to.include({ attempts: 2, dueAt: 99, place: head.place })
    })

    it('counts lanes: keys by handler, and each event without key', async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1' }) },
        { do: 'park', event: parked({ id: 'e2', state: 'follower' }) },
        { do: 'park', event: parked({ id: 'e1', handler: 'I' }) },
        { do: 'park', event: parked({ id: 'e3', key: undefined }) },
        { do: 'park', event: parked({ id: 'e4', key: undefined }) },
        { do: 'park', event: parked({ id: 'e5', address: 'other/x' }) },
      ])
      const lanes = await on.state.parkedLanes('main/posts')
      const found = lanes.map(({ handler, key, id, parked: count }) => [handler, key ?? id, count]).sort()
      expect(found).to.deep.equal([
        ['H', 'e3', 1],
        ['H', 'e4', 1],
        ['H', 'k', 2],
        ['I', 'k', 1],
      ])
      const keyless = { address: 'main/posts', handler: 'H', source: 's', id: 'e4' }
      expect((await headOf(on.state, keyless))?.id).to.equal('e4')
    })

    it('counts what is parked and dead, by link', async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1' }) },
        { do: 'park', event: parked({ id: 'e2', state: 'dead', holds: true }) },
        { do: 'park', event: parked({ id: 'e3', state: 'dead', holds: false }) },
        { do: 'park', event: parked({ id: 'e1', handler: 'I' }) },
      ])
      expect(await on.state.parkedByLink()).to.deep.equal([
        { address: 'main/posts', handler: 'H', parked: 1, deadLetters: 2, nextTryAt: 5 },
        { address: 'main/posts', handler: 'I', parked: 1, deadLetters: 0, nextTryAt: 5 },
      ])
    })

    it('lists what waits, in pages and without the dead letters, and says how each link failed last', async () => {
      const cause = (message: string): ParkedEvent['cause'] => ({ name: 'Error', message })
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1', lastAt: 9, cause: cause('later') }) },
        { do: 'park', event: parked({ id: 'e2', state: 'dead', lastAt: 5, cause: cause('earlier') }) },
        { do: 'park', event: parked({ id: 'e3', state: 'follower' }) },
        { do: 'park', event: parked({ id: 'e4', key: 'l', handler: 'I', lastAt: 7, cause: cause('of I') }) },
        { do: 'park', event: parked({ id: 'e5', handler: 'J' }) },
      ])
      const [first, ...more] = await on.state.parkedEvents(2)
      expect([first, ...more].map(({ id }) => id)).to.deep.equal(['e1', 'e3'])
      expect(first).to.deep.include({ handler: 'H', state: 'retry', cause: cause('later') })
      const rest = await on.state.parkedEvents(10, more[0].place)
      expect(rest.map(({ id }) => id)).to.deep.equal(['e4', 'e5'])
      expect(await on.state.lastFailures()).to.deep.equal([
        { address: 'main/posts', handler: 'H', at: 9, cause: cause('later') },
        { address: 'main/posts', handler: 'I', at: 7, cause: cause('of I') },
      ])
    })

    it('has an event tried now that waits for a later try, and nothing else of it changes', async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1', dueAt: 9_000, attempts: 3 }) },
        { do: 'park', event: parked({ id: 'e2', state: 'dead', holds: true, key: 'held', dueAt: 9_000 }) },
      ])
      const places = [...(await on.state.parkedEvents(9)), ...(await on.state.deadLetters(9))].map(({ place }) => place)
      await on.state.commit(places.map((place = 0) => ({ do: 'retry-now', place, at: 50 }) as const))
      expect(await headOf(on.state, lane)).to.include({ id: 'e1', dueAt: 50, attempts: 3, state: 'retry' })
      expect(await on.state.deadLetters(9)).to.satisfy(([letter]: ParkedEvent[]) => letter.dueAt === 9_000)
    })

    it('lets a dead letter block its lane only if it holds', async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1', state: 'dead', holds: false }) },
        { do: 'park', event: parked({ id: 'e2', state: 'dead', holds: true, key: 'held' }) },
      ])
      expect((await on.state.parkedLanes('main/posts')).map(({ key }) => key)).to.deep.equal(['held'])
      expect(await headOf(on.state, lane)).to.equal(undefined)
      expect((await on.state.deadLetters(10)).map(({ id }) => id)).to.deep.equal(['e1', 'e2'])
    })
  })

  describe('dead letters', () => {
    const lane = { address: 'main/posts', handler: 'H', key: 'k' }
    const key = { handler: 'H', source: 's', id: 'e1' }

    it('can be tried again, at their place in the order of their key', async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1', state: 'dead', holds: false, attempts: 8 }) },
        { do: 'finish', key, at: 1 },
        { do: 'park', event: parked({ id: 'e2' }) },
      ])
      const [letter] = await on.state.deadLetters(1)
      await on.state.commit([{ do: 'redrive', place: letter.place ?? 0, at: 77 }])
      expect(await headOf(on.state, lane)).to.include({
        id: 'e1',
        state: 'retry',
        attempts: 0,
        dueAt: 77,
        holds: false,
      })
      const claims = await on.state.claim([{ ...key, ...lane, fromPark: true }], asOwner('a'))
      expect(claims).to.deep.equal([{ state: 'claimed' }])
    })

    it('cannot be tried again without a handler', async () => {
      await on.state.commit([{ do: 'park', event: parked({ handler: '', state: 'dead' }) }])
      const [letter] = await on.state.deadLetters(1)
      await on.state.commit([{ do: 'redrive', place: letter.place ?? 0, at: 77 }])
      expect(await on.state.counts()).to.include({ deadLetters: 1, parked: 0 })
    })

    it('are paged, and forgotten by age where they hold nothing', async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1', state: 'dead', lastAt: 10 }) },
        { do: 'park', event: parked({ id: 'e2', state: 'dead', lastAt: 10, holds: true }) },
        { do: 'park', event: parked({ id: 'e3', state: 'dead', lastAt: 30 }) },
      ])
      const [first] = await on.state.deadLetters(1)
      expect((await on.state.deadLetters(10, first.place)).map(({ id }) => id)).to.deep.equal(['e2', 'e3'])
      expect(await on.state.expireDeadLetters(20)).to.equal(1)
      expect((await on.state.deadLetters(10)).map(({ id }) => id)).to.deep.equal(['e2', 'e3'])
    })

    it("are forgotten with everything else of a person's key", async () => {
      await on.state.commit([
        { do: 'park', event: parked({ id: 'e1', state: 'dead' }) },
        { do: 'park', event: parked({ id: 'e2' }) },
        { do: 'park', event: parked({ id: 'e3', key: 'other' }) },
      ])
      expect(await on.state.forgetKey('k')).to.equal(2)
      expect(await on.state.counts()).to.include({ deadLetters: 0, parked: 1 })
    })

    it('have their like among what is pending: refused, and sent again', async () => {
      await on.state.commit([
        { do: 'mark-pending', mark: mark({ id: 'a' }) },
        { do: 'refuse', address: 'main/posts', id: 'a', cause: 'too large' },
      ])
      expect(await on.state.refusedMarks(10)).to.have.length(1)
      expect((await on.state.refusedMarks(10))[0]).to.include({ id: 'a', cause: 'too large' })
      await on.state.commit([{ do: 'unrefuse', address: 'main/posts', id: 'a' }])
      expect((await on.state.pendingMarks('main/posts', { limit: 10 })).map(({ id }) => id)).to.deep.equal(['a'])
      expect((await on.state.pendingByAddress()).get('main/posts')).to.deep.equal({ count: 1, oldestAt: 1_000 })
    })
  })
}
