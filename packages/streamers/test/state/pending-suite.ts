import { expect } from 'chai'
import { mark } from '../support/records'
import type { OpenState } from './open-state'

/** Of pending, commit. */
export function testPending(on: OpenState): void {
  describe('pending', () => {
    it('keeps marks in the order in which they were written, each address its own', async () => {
      await on.state.commit([
        { do: 'mark-pending', mark: mark({ id: 'b' }) },
        { do: 'mark-pending', mark: mark({ id: 'a' }) },
        { do: 'mark-pending', mark: mark({ id: 'b', address: 'other/x' }) },
      ])
      await on.reopen()
      expect((await on.state.pendingMarks('main/posts', { limit: 10 })).map(({ id }) => id)).to.deep.equal(['b', 'a'])
      expect((await on.state.pendingAddresses()).sort()).to.deep.equal(['main/posts', 'other/x'])
    })

    it('gives back a mark as it was written', async () => {
      const written = mark({ id: 'ü/1', context: { correlationId: 'c', causationId: 'x', traceparent: 't' } })
      await on.state.commit([{ do: 'mark-pending', mark: written }])
      const [{ place, ...read }] = await on.state.pendingMarks('main/posts', { limit: 1 })
      expect(read).to.deep.equal(written)
      expect(place).to.be.greaterThan(0)
    })

    it('keeps one mark where the same address and id is marked again, in its first place', async () => {
      await on.state.commit([
        { do: 'mark-pending', mark: mark({ id: 'a' }) },
        { do: 'mark-pending', mark: mark({ id: 'b' }) },
      ])
      await on.state.commit([{ do: 'mark-pending', mark: mark({ id: 'a', owner: 'later' }) }])
      const marks = await on.state.pendingMarks('main/posts', { limit: 10 })
      expect(marks.map(({ id, owner }) => [id, owner])).to.deep.equal([
        ['a', 'later'],
        ['b', 'o'],
      ])
    })

    it('leaves a mark that another has taken over, where its former owner is named', async () => {
      await on.state.commit([{ do: 'mark-pending', mark: mark({ id: 'a', owner: 'dead' }) }])
      await on.state.commit([{ do: 'mark-pending', mark: mark({ id: 'a', owner: 'later', markedAt: 2 }) }])
      await on.state.commit([{ do: 'unmark', address: 'main/posts', ids: ['a'], owner: 'dead' }])
      const [taken] = await on.state.pendingMarks('main/posts', { limit: 10 })
      expect(taken).to.include({ owner: 'later', markedAt: 2 })
      await on.state.commit([{ do: 'unmark', address: 'main/posts', ids: ['a'], owner: 'later' }])
      expect(await on.state.counts()).to.include({ pending: 0 })
    })

    it('pages after a place', async () => {
      await on.state.commit(['a', 'b', 'c'].map((id) => ({ do: 'mark-pending', mark: mark({ id }) })))
      const [first] = await on.state.pendingMarks('main/posts', { limit: 1 })
      expect(
        (await on.state.pendingMarks('main/posts', { limit: 10, after: first.place })).map(({ id }) => id)
      ).to.deep.equal(['b', 'c'])
    })

    it('finds those of some slots', async () => {
      await on.state.commit([1, 2, 3].map((slot) => ({ do: 'mark-pending', mark: mark({ id: `e${slot}`, slot }) })))
      const found = await on.state.pendingMarks('main/posts', { limit: 10, slots: [3, 1] })
      expect(found.map(({ id }) => id)).to.deep.equal(['e1', 'e3'])
      expect(await on.state.pendingMarks('main/posts', { limit: 10, slots: [] })).to.deep.equal([])
    })

    it('takes away confirmed marks, and sets refused ones aside', async () => {
      await on.state.commit(['a', 'b', 'c'].map((id) => ({ do: 'mark-pending', mark: mark({ id }) })))
      await on.state.commit([
        { do: 'unmark', address: 'main/posts', ids: ['a'] },
        { do: 'refuse', address: 'main/posts', id: 'b', cause: 'too large' },
      ])
      expect((await on.state.pendingMarks('main/posts', { limit: 10 })).map(({ id }) => id)).to.deep.equal(['c'])
      expect(await on.state.counts()).to.include({ pending: 1, refused: 1 })
    })
  })

  describe('commit', () => {
    it('writes all of its changes or none', async () => {
      const impossible = { do: 'move-position', address: null as unknown as string, position: 'x' } as const
      const failed = await on.state
        .commit([{ do: 'mark-pending', mark: mark({ id: 'a' }) }, impossible])
        .then(() => false)
        .catch(() => true)
      expect(failed).to.equal(true)
      expect(await on.state.counts()).to.include({ pending: 0 })
    })

    it('lets a commit fail alone that shares its turn with others', async () => {
      const impossible = { do: 'move-position', address: null as unknown as string, position: 'x' } as const
      const results = await Promise.allSettled([
        on.state.commit([{ do: 'mark-pending', mark: mark({ id: 'a' }) }]),
        on.state.commit([impossible]),
        on.state.commit([{ do: 'mark-pending', mark: mark({ id: 'b' }) }]),
      ])
      expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
      expect((await on.state.pendingMarks('main/posts', { limit: 10 })).map(({ id }) => id)).to.deep.equal(['a', 'b'])
    })
  })
}
