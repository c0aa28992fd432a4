import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import type { StateStore } from '../../src/state'
import { mark, parked } from '../support/records'

/** How a store of state is opened, and opened again on what it has kept. */
export interface StateUnderTest {
  open(): Promise<StateStore>
}

const HOUR = 3_600_000
const asOwner = (owner: string, now = 1_000): { owner: string; now: number; claimMs: number } => ({
  owner,
  now,
  claimMs: 500,
})

/** What every store of state must keep to, whatever database it is on. */
export function testStateStore(name: string, setUp: () => Promise<StateUnderTest>): void {
  describe(`state on ${name}`, () => {
    let under: StateUnderTest
    let state: StateStore

    beforeEach(async () => {
      under = await setUp()
      state = await under.open()
    })
    afterEach(async () => state.close())

    const reopen = async (): Promise<void> => {
      await state.close()
      state = await under.open()
    }

    describe('pending', () => {
      it('keeps marks in the order in which they were written, each address its own', async () => {
        await state.commit([
          { do: 'mark-pending', mark: mark({ id: 'b' }) },
          { do: 'mark-pending', mark: mark({ id: 'a' }) },
          { do: 'mark-pending', mark: mark({ id: 'b', address: 'other/x' }) },
        ])
        await reopen()
        expect((await state.pendingMarks('main/posts', { limit: 10 })).map(({ id }) => id)).to.deep.equal(['b', 'a'])
        expect((await state.pendingAddresses()).sort()).to.deep.equal(['main/posts', 'other/x'])
      })

      it('gives back a mark as it was written', async () => {
        const written = mark({ id: 'ü/1', context: { correlationId: 'c', causationId: 'x', traceparent: 't' } })
        await state.commit([{ do: 'mark-pending', mark: written }])
        const [{ place, ...read }] = await state.pendingMarks('main/posts', { limit: 1 })
        expect(read).to.deep.equal(written)
        expect(place).to.be.greaterThan(0)
      })

      it('keeps one mark where the same address and id is marked again, in its first place', async () => {
        await state.commit([
          { do: 'mark-pending', mark: mark({ id: 'a' }) },
          { do: 'mark-pending', mark: mark({ id: 'b' }) },
        ])
        await state.commit([{ do: 'mark-pending', mark: mark({ id: 'a', owner: 'later' }) }])
        const marks = await state.pendingMarks('main/posts', { limit: 10 })
        expect(marks.map(({ id, owner }) => [id, owner])).to.deep.equal([
          ['a', 'later'],
          ['b', 'o'],
        ])
      })

      it('leaves a mark that another has taken over, where its former owner is named', async () => {
        await state.commit([{ do: 'mark-pending', mark: mark({ id: 'a', owner: 'dead' }) }])
        await state.commit([{ do: 'mark-pending', mark: mark({ id: 'a', owner: 'later', markedAt: 2 }) }])
        await state.commit([{ do: 'unmark', address: 'main/posts', ids: ['a'], owner: 'dead' }])
        const [taken] = await state.pendingMarks('main/posts', { limit: 10 })
        expect(taken).to.include({ owner: 'later', markedAt: 2 })
        await state.commit([{ do: 'unmark', address: 'main/posts', ids: ['a'], owner: 'later' }])
        expect(await state.counts()).to.include({ pending: 0 })
      })

      it('pages after a place', async () => {
        await state.commit(['a', 'b', 'c'].map((id) => ({ do: 'mark-pending', mark: mark({ id }) })))
        const [first] = await state.pendingMarks('main/posts', { limit: 1 })
        expect(
          (await state.pendingMarks('main/posts', { limit: 10, after: first.place })).map(({ id }) => id)
        ).to.deep.equal(['b', 'c'])
      })

      it('finds those of some slots', async () => {
        await state.commit([1, 2, 3].map((slot) => ({ do: 'mark-pending', mark: mark({ id: `e${slot}`, slot }) })))
        const found = await state.pendingMarks('main/posts', { limit: 10, slots: [3, 1] })
        expect(found.map(({ id }) => id)).to.deep.equal(['e1', 'e3'])
        expect(await state.pendingMarks('main/posts', { limit: 10, slots: [] })).to.deep.equal([])
      })

      it('takes away confirmed marks, and sets refused ones aside', async () => {
        await state.commit(['a', 'b', 'c'].map((id) => ({ do: 'mark-pending', mark: mark({ id }) })))
        await state.commit([
          { do: 'unmark', address: 'main/posts', ids: ['a'] },
          { do: 'refuse', address: 'main/posts', id: 'b', cause: 'too large' },
        ])
        expect((await state.pendingMarks('main/posts', { limit: 10 })).map(({ id }) => id)).to.deep.equal(['c'])
        expect(await state.counts()).to.include({ pending: 1, refused: 1 })
      })
    })

    describe('commit', () => {
      it('writes all of its changes or none', async () => {
        const impossible = { do: 'move-position', address: null as unknown as string, position: 'x' } as const
        const failed = await state
          .commit([{ do: 'mark-pending', mark: mark({ id: 'a' }) }, impossible])
          .then(() => false)
          .catch(() => true)
        expect(failed).to.equal(true)
        expect(await state.counts()).to.include({ pending: 0 })
      })

      it('lets a commit fail alone that shares its turn with others', async () => {
        const impossible = { do: 'move-position', address: null as unknown as string, position: 'x' } as const
        const results = await Promise.allSettled([
          state.commit([{ do: 'mark-pending', mark: mark({ id: 'a' }) }]),
          state.commit([impossible]),
          state.commit([{ do: 'mark-pending', mark: mark({ id: 'b' }) }]),
        ])
        expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
        expect((await state.pendingMarks('main/posts', { limit: 10 })).map(({ id }) => id)).to.deep.equal(['a', 'b'])
      })
    })

    describe('inbox', () => {
      const key = { handler: 'H', source: 's', id: 'e1', address: 'main/posts', key: 'k' }

      it('lets one owner claim, and again the same one', async () => {
        expect(await state.claim([key], asOwner('a'))).to.deep.equal([{ state: 'claimed' }])
        expect(await state.claim([key], asOwner('b'))).to.deep.equal([{ state: 'elsewhere' }])
        expect(await state.claim([key], asOwner('a'))).to.deep.equal([{ state: 'claimed' }])
      })

      it('lets another owner claim once the claim is over', async () => {
        await state.claim([key], asOwner('a', 1_000))
        expect(await state.claim([key], asOwner('b', 1_499))).to.deep.equal([{ state: 'elsewhere' }])
        expect(await state.claim([key], asOwner('b', 1_500))).to.deep.equal([{ state: 'claimed' }])
        expect(await state.claim([key], asOwner('a', 1_501))).to.deep.equal([{ state: 'elsewhere' }])
      })

      it('answers an outcome to everybody, and finished after that', async () => {
        await state.claim([key], asOwner('a'))
        await state.commit([{ do: 'write-outcome', key, owner: 'a', outcome: new Uint8Array([7, 0, 255]) }])
        await reopen()
        const [claim] = await state.claim([key], asOwner('b'))
        expect(claim.state).to.equal('outcome')
        expect(claim.state === 'outcome' && [...claim.outcome]).to.deep.equal([7, 0, 255])
        await state.commit([{ do: 'finish', key, at: 1 }])
        expect(await state.claim([key], asOwner('b'))).to.deep.equal([{ state: 'finished' }])
      })

      it('tells handlers, sources and ids apart, and answers in the order of the questions', async () => {
        await state.commit([{ do: 'finish', key, at: 1 }])
        const others = [{ ...key, handler: 'I' }, key, { ...key, source: 't' }, { ...key, id: 'e2' }]
        const claims = await state.claim(others, asOwner('a'))
        expect(claims.map((claim) => claim.state)).to.deep.equal(['claimed', 'finished', 'claimed', 'claimed'])
      })

      it('refuses the outcome of one whose claim has passed to another, and all that comes with it', async () => {
        await state.claim([key], asOwner('a', 1_000))
        await state.claim([key], asOwner('b', 9_000))
        const late = { do: 'write-outcome', key, owner: 'a', outcome: new Uint8Array([1]) } as const
        const error: unknown = await state
          .commit([{ do: 'mark-pending', mark: mark({}) }, late])
          .catch((thrown: unknown) => thrown)
        expect(isStreamerError(error, 'CLAIM_LOST'), String(error)).to.equal(true)
        expect(await state.counts()).to.include({ pending: 0 })
        expect(await state.claim([key], asOwner('b', 9_001))).to.deep.equal([{ state: 'claimed' }])
      })

      it('says that an event is behind another of its key, but not when that one is tried again', async () => {
        await state.commit([{ do: 'park', event: parked({ id: 'e0' }) }])
        const others = [key, { ...key, key: 'other' }, { ...key, handler: 'I' }, { ...key, address: 'main/x' }]
        const claims = await state.claim([...others, { ...key, key: undefined }], asOwner('a'))
        expect(claims.map((claim) => claim.state)).to.deep.equal(['behind', 'claimed', 'claimed', 'claimed', 'claimed'])
        const again = await state.claim([{ ...key, id: 'e0', fromPark: true }], asOwner('a'))
        expect(again).to.deep.equal([{ state: 'claimed' }])
      })

      it('forgets finished entries by age, and nothing else', async () => {
        await state.claim([{ ...key, id: 'e3' }], asOwner('a'))
        await state.commit([
          { do: 'finish', key, at: HOUR },
          { do: 'finish', key: { ...key, id: 'e2' }, at: 3 * HOUR },
          { do: 'write-outcome', key: { ...key, id: 'e3' }, owner: 'a', outcome: new Uint8Array([1]) },
        ])
        expect(await state.expireInbox(2 * HOUR)).to.equal(1)
        const claims = await state.claim([key, { ...key, id: 'e2' }, { ...key, id: 'e3' }], asOwner('a'))
        expect(claims.map((claim) => claim.state)).to.deep.equal(['claimed', 'finished', 'outcome'])
      })
    })

    describe('park', () => {
      const lane = { address: 'main/posts', handler: 'H', key: 'k' }

      it('gives back a parked event as it was written, the oldest of its lane first', async () => {
        const first = parked({ id: 'e1', cause: { name: 'Error', message: 'ü', stack: 'at' } })
        await state.commit([
          { do: 'park', event: first },
          { do: 'park', event: parked({ id: 'e2', state: 'follower' }) },
        ])
        await reopen()
        const head = await state.parkedHead(lane)
        expect(head).to.deep.include({ ...first, event: head?.event })
        expect([...(head?.event ?? [])]).to.deep.equal([1, 2, 3])
        await state.commit([{ do: 'unpark', place: head?.place ?? 0 }])
        expect((await state.parkedHead(lane))?.id).to.equal('e2')
      })

      it('parks the same event once, in its first place', async () => {
        await state.commit([
          { do: 'park', event: parked({ id: 'e1', attempts: 4 }) },
          { do: 'park', event: parked({ id: 'e2' }) },
          { do: 'park', event: parked({ id: 'e1', attempts: 0 }) },
        ])
        expect(await state.parkedHead(lane)).to.include({ id: 'e1', attempts: 4 })
        expect(await state.counts()).to.include({ parked: 2 })
      })

      it('keeps what a further attempt came to', async () => {
        await state.commit([{ do: 'park', event: parked({}) }])
        const head = await state.parkedHead(lane)
        if (!head?.place) throw new Error('nothing is parked')
        await state.commit([{ do: 'repark', place: head.place, event: { ...head, attempts: 2, dueAt: 99 } }])
        expect(await state.parkedHead(lane)).to.include({ attempts: 2, dueAt: 99, place: head.place })
      })

      it('counts lanes: keys by handler, and each event without key', async () => {
        await state.commit([
          { do: 'park', event: parked({ id: 'e1' }) },
          { do: 'park', event: parked({ id: 'e2', state: 'follower' }) },
          { do: 'park', event: parked({ id: 'e1', handler: 'I' }) },
          { do: 'park', event: parked({ id: 'e3', key: undefined }) },
          { do: 'park', event: parked({ id: 'e4', key: undefined }) },
          { do: 'park', event: parked({ id: 'e5', address: 'other/x' }) },
        ])
        const lanes = await state.parkedLanes('main/posts')
        const found = lanes.map(({ handler, key, id, parked: count }) => [handler, key ?? id, count]).sort()
        expect(found).to.deep.equal([
          ['H', 'e3', 1],
          ['H', 'e4', 1],
          ['H', 'k', 2],
          ['I', 'k', 1],
        ])
        const keyless = { address: 'main/posts', handler: 'H', source: 's', id: 'e4' }
        expect((await state.parkedHead(keyless))?.id).to.equal('e4')
      })

      it('lets a dead letter block its lane only if it holds', async () => {
        await state.commit([
          { do: 'park', event: parked({ id: 'e1', state: 'dead', holds: false }) },
          { do: 'park', event: parked({ id: 'e2', state: 'dead', holds: true, key: 'held' }) },
        ])
        expect((await state.parkedLanes('main/posts')).map(({ key }) => key)).to.deep.equal(['held'])
        expect(await state.parkedHead(lane)).to.equal(undefined)
        expect((await state.deadLetters(10)).map(({ id }) => id)).to.deep.equal(['e1', 'e2'])
      })
    })

    describe('dead letters', () => {
      const lane = { address: 'main/posts', handler: 'H', key: 'k' }
      const key = { handler: 'H', source: 's', id: 'e1' }

      it('can be tried again, at their place in the order of their key', async () => {
        await state.commit([
          { do: 'park', event: parked({ id: 'e1', state: 'dead', holds: false, attempts: 8 }) },
          { do: 'finish', key, at: 1 },
          { do: 'park', event: parked({ id: 'e2' }) },
        ])
        const [letter] = await state.deadLetters(1)
        await state.commit([{ do: 'redrive', place: letter.place ?? 0, at: 77 }])
        expect(await state.parkedHead(lane)).to.include({
          id: 'e1',
          state: 'retry',
          attempts: 0,
          dueAt: 77,
          holds: false,
        })
        const claims = await state.claim([{ ...key, ...lane, fromPark: true }], asOwner('a'))
        expect(claims).to.deep.equal([{ state: 'claimed' }])
      })

      it('cannot be tried again without a handler', async () => {
        await state.commit([{ do: 'park', event: parked({ handler: '', state: 'dead' }) }])
        const [letter] = await state.deadLetters(1)
        await state.commit([{ do: 'redrive', place: letter.place ?? 0, at: 77 }])
        expect(await state.counts()).to.include({ deadLetters: 1, parked: 0 })
      })

      it('are paged, and forgotten by age where they hold nothing', async () => {
        await state.commit([
          { do: 'park', event: parked({ id: 'e1', state: 'dead', lastAt: 10 }) },
          { do: 'park', event: parked({ id: 'e2', state: 'dead', lastAt: 10, holds: true }) },
          { do: 'park', event: parked({ id: 'e3', state: 'dead', lastAt: 30 }) },
        ])
        const [first] = await state.deadLetters(1)
        expect((await state.deadLetters(10, first.place)).map(({ id }) => id)).to.deep.equal(['e2', 'e3'])
        expect(await state.expireDeadLetters(20)).to.equal(1)
        expect((await state.deadLetters(10)).map(({ id }) => id)).to.deep.equal(['e2', 'e3'])
      })

      it("are forgotten with everything else of a person's key", async () => {
        await state.commit([
          { do: 'park', event: parked({ id: 'e1', state: 'dead' }) },
          { do: 'park', event: parked({ id: 'e2' }) },
          { do: 'park', event: parked({ id: 'e3', key: 'other' }) },
        ])
        expect(await state.forgetKey('k')).to.equal(2)
        expect(await state.counts()).to.include({ deadLetters: 0, parked: 1 })
      })

      it('have their like among what is pending: refused, and sent again', async () => {
        await state.commit([
          { do: 'mark-pending', mark: mark({ id: 'a' }) },
          { do: 'refuse', address: 'main/posts', id: 'a', cause: 'too large' },
        ])
        expect(await state.refusedMarks(10)).to.have.length(1)
        expect((await state.refusedMarks(10))[0]).to.include({ id: 'a', cause: 'too large' })
        await state.commit([{ do: 'unrefuse', address: 'main/posts', id: 'a' }])
        expect((await state.pendingMarks('main/posts', { limit: 10 })).map(({ id }) => id)).to.deep.equal(['a'])
        expect((await state.oldestPending()).get('main/posts')).to.equal(1_000)
      })
    })

    describe('leases', () => {
      const lease = (owner: string, now: number): { owner: string; now: number; leaseMs: number } => ({
        owner,
        now,
        leaseMs: 100,
      })

      it('are held by one, renewed by the same, taken over when they are over or given back', async () => {
        expect(await state.lease(['x', 'y'], lease('a', 0))).to.deep.equal(['x', 'y'])
        expect(await state.lease(['z', 'x'], lease('b', 50))).to.deep.equal(['z'])
        expect(await state.lease(['x'], lease('a', 60))).to.deep.equal(['x'])
        expect(await state.lease(['x', 'y'], lease('b', 101))).to.deep.equal(['y'])
        expect(await state.lease(['x'], lease('b', 160))).to.deep.equal(['x'])
        await state.release(['x', 'z'], 'b')
        expect(await state.lease(['x', 'z'], lease('a', 161))).to.deep.equal(['x', 'z'])
      })

      it('tell who holds them', async () => {
        await state.lease(['r:1', 'r:2', 's:1'], lease('a', 0))
        await state.lease(['r:3'], lease('b', 50))
        expect([...(await state.leaseHolders('r:', 60))].sort()).to.deep.equal([
          ['r:1', 'a'],
          ['r:2', 'a'],
          ['r:3', 'b'],
        ])
        expect([...(await state.leaseHolders('r:', 120))]).to.deep.equal([['r:3', 'b']])
      })

      it('are not given back by others', async () => {
        await state.lease(['x'], lease('a', 0))
        await state.release(['x'], 'b')
        expect(await state.lease(['x'], lease('b', 1))).to.deep.equal([])
      })
    })

    describe('control', () => {
      it('keeps which links are paused, and grows its revision when told', async () => {
        const link = { address: 'main/posts', handler: 'H' }
        const before = await state.revision()
        await state.commit([{ do: 'pause-link', ...link, paused: true }, { do: 'notify' }])
        await state.commit([{ do: 'pause-link', ...link, paused: true }])
        await reopen()
        expect(await state.pausedLinks()).to.deep.equal([link])
        expect(await state.revision()).to.equal(before + 1)
        await state.commit([{ do: 'pause-link', ...link, paused: false }])
        expect(await state.pausedLinks()).to.deep.equal([])
      })
    })

    describe('positions', () => {
      it('keeps the last one of each address', async () => {
        expect(await state.position('main/posts')).to.equal(undefined)
        await state.commit([{ do: 'move-position', address: 'main/posts', position: '1' }])
        await state.commit([{ do: 'move-position', address: 'main/posts', position: '2' }])
        await reopen()
        expect(await state.position('main/posts')).to.equal('2')
        expect(await state.position('main/users')).to.equal(undefined)
      })
    })

    it('closes twice', async () => {
      await state.close()
      await state.close()
    })
  })
}
