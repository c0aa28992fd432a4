import { expect } from 'chai'
import type { OpenState } from './open-state'

/** Of leases, control, positions. */
export function testControl(on: OpenState): void {
  describe('leases', () => {
    const lease = (owner: string, now: number): { owner: string; now: number; leaseMs: number } => ({
      owner,
      now,
      leaseMs: 100,
    })

    it('are held by one, renewed by the same, taken over when they are over or given back', async () => {
      expect(await on.state.lease(['x', 'y'], lease('a', 0))).to.deep.equal(['x', 'y'])
      expect(await on.state.lease(['z', 'x'], lease('b', 50))).to.deep.equal(['z'])
      expect(await on.state.lease(['x'], lease('a', 60))).to.deep.equal(['x'])
      expect(await on.state.lease(['x', 'y'], lease('b', 101))).to.deep.equal(['y'])
      expect(await on.state.lease(['x'], lease('b', 160))).to.deep.equal(['x'])
      await on.state.release(['x', 'z'], 'b')
      expect(await on.state.lease(['x', 'z'], lease('a', 161))).to.deep.equal(['x', 'z'])
    })

    it('tell who holds them', async () => {
      await on.state.lease(['r:1', 'r:2', 's:1'], lease('a', 0))
      await on.state.lease(['r:3'], lease('b', 50))
      expect([...(await on.state.leaseHolders('r:', 60))].sort()).to.deep.equal([
        ['r:1', 'a'],
        ['r:2', 'a'],
        ['r:3', 'b'],
      ])
      expect([...(await on.state.leaseHolders('r:', 120))]).to.deep.equal([['r:3', 'b']])
    })

    it('are not given back by others', async () => {
      await on.state.lease(['x'], lease('a', 0))
      await on.state.release(['x'], 'b')
      expect(await on.state.lease(['x'], lease('b', 1))).to.deep.equal([])
    })
  })

  describe('control', () => {
    it('keeps which links are paused, and grows its revision when told', async () => {
      const link = { address: 'main/posts', handler: 'H' }
      const before = await on.state.revision()
      await on.state.commit([{ do: 'pause-link', ...link, paused: true }, { do: 'notify' }])
      await on.state.commit([{ do: 'pause-link', ...link, paused: true }])
      await on.reopen()
      expect(await on.state.pausedLinks()).to.deep.equal([link])
      expect(await on.state.revision()).to.equal(before + 1)
      await on.state.commit([{ do: 'pause-link', ...link, paused: false }])
      expect(await on.state.pausedLinks()).to.deep.equal([])
    })
  })

  describe('positions', () => {
    it('keeps the last one of each address', async () => {
      expect(await on.state.position('main/posts')).to.equal(undefined)
      await on.state.commit([{ do: 'move-position', address: 'main/posts', position: '1' }])
      await on.state.commit([{ do: 'move-position', address: 'main/posts', position: '2' }])
      await on.reopen()
      expect(await on.state.position('main/posts')).to.equal('2')
      expect(await on.state.position('main/users')).to.equal(undefined)
    })
  })
}
