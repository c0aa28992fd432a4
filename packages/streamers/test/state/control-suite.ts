import { expect } from 'chai'
import { IGNORED_FORGOTTEN_MS, IGNORED_NAMES } from '../../src/state'
import type { StateChange } from '../../src/state'
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

  describe('ignored types', () => {
    const count = (type: string | undefined, events: number, lastAt: number, address = 'main/posts'): StateChange => ({
      do: 'count-ignored',
      ignored: { address, type, events, lastAt },
    })
    const counted = async (): Promise<(readonly [string, string, number, number])[]> =>
      (await on.state.ignoredTypes())
        .map(({ address, type = 'others', events, lastAt }) => [address, type, events, lastAt] as const)
        .sort((one, other) => (`${one[0]} ${one[1]}` < `${other[0]} ${other[1]}` ? -1 : 1))

    it('are added up by address, and are nothing that would be missed', async () => {
      expect(await counted()).to.deep.equal([])
      await on.state.commit([count('Created', 2, 10), count('a\0b', 1, 11), count('Created', 1, 12, 'main/users')])
      await on.state.commit([count('Created', 3, 20)])
      await on.reopen()
      expect(await counted()).to.deep.equal([
        ['main/posts', 'Created', 5, 20],
        ['main/posts', 'a\0b', 1, 11],
        ['main/users', 'Created', 1, 12],
      ])
      expect(await on.state.hasContent()).to.equal(false)
    })

    it('are named up to a number, and then counted together, until some were not seen for a week', async () => {
      const name = (n: number): string => `T${String(n).padStart(2, '0')}`
      const all = Array.from({ length: IGNORED_NAMES }, (_, n) => count(name(n), 1, n === 0 ? 0 : 1_000))
      await on.state.commit([...all, count('more', 2, 1_000), count(undefined, 3, 1_000)])
      await on.state.commit([count(name(1), 1, 1_000), count('still more', 1, 1_000)])
      const before = await counted()
      expect(before).to.have.length(IGNORED_NAMES + 1)
      expect(before.slice(1, 2)).to.deep.equal([['main/posts', name(1), 2, 1_000]])
      expect(before[IGNORED_NAMES]).to.deep.equal(['main/posts', 'others', 6, 1_000])
      const later = IGNORED_FORGOTTEN_MS + 500
      await on.state.commit([count('more', 1, later)])
      const after = (await counted()).map(([, type]) => type)
      expect(after)
        .to.have.length(IGNORED_NAMES + 1)
        .and.to.include.members(['more', 'others', name(1)])
      expect(after).not.to.include(name(0))
      await on.state.commit([count('by a clock that is right again', 1, -IGNORED_FORGOTTEN_MS)])
      expect((await counted()).map(([, type]) => type)).to.deep.equal(['by a clock that is right again'])
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
