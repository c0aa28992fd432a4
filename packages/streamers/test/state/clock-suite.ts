import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import type { ClaimRequest } from '../../src/state'
import type { OpenState } from './open-state'

/** So long ago that no database forgets it by itself. */
const NOW = Date.UTC(2010, 0, 31, 12)
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000]
const YEAR_MS = 365 * DAY_MS
const CLAIM_MS = 30_000

const request = (id: string): ClaimRequest => ({ address: 'main/posts', handler: 'H', source: 's', id, key: 'k' })

/** Of clocks that were wrong for a while, jump, or are apart. */
export function testClocks(on: OpenState): void {
  const claimed = async (id: string, owner: string, now: number): Promise<string> => {
    const [{ state }] = await on.state.claim([request(id)], { owner, now, claimMs: CLAIM_MS })
    return state
  }
  const leased = async (owner: string, now: number): Promise<boolean> =>
    (await on.state.lease(['x'], { owner, now, leaseMs: 10_000 })).length > 0

  describe('a clock that was wrong', () => {
    it('and far ahead lets no claim last, of a process that died or lives', async () => {
      expect(await claimed('e1', 'dead', NOW + YEAR_MS)).to.equal('claimed')
      expect(await claimed('e1', 'b', NOW)).to.equal('claimed')
      expect(await claimed('e1', 'c', NOW + 1), 'a claim holds').to.equal('elsewhere')
      expect(await claimed('e2', 'living', NOW + YEAR_MS)).to.equal('claimed')
      expect(await claimed('e2', 'living', NOW), 'renewed by the right time').to.equal('claimed')
      expect(await claimed('e2', 'b', NOW + CLAIM_MS - 1)).to.equal('elsewhere')
      expect(await claimed('e2', 'b', NOW + CLAIM_MS)).to.equal('claimed')
    })

    it('and far back lets claims be taken over that it has made', async () => {
      expect(await claimed('e1', 'back', NOW - YEAR_MS)).to.equal('claimed')
      expect(await claimed('e1', 'b', NOW)).to.equal('claimed')
    })

    it('of a process an hour ahead of another finishes nothing twice', async () => {
      const finish = { do: 'finish', key: { handler: 'H', source: 's', id: 'e1' }, at: NOW } as const
      expect(await claimed('e1', 'ahead', NOW + HOUR_MS)).to.equal('claimed')
      expect(await claimed('e1', 'right', NOW)).to.equal('claimed')
      const error: unknown = await on.state.commit([{ ...finish, owner: 'ahead' }]).catch((thrown: unknown) => thrown)
      expect(isStreamerError(error, 'CLAIM_LOST'), String(error)).to.equal(true)
      await on.state.commit([{ ...finish, owner: 'right' }])
      expect(await claimed('e1', 'ahead', NOW + HOUR_MS)).to.equal('finished')
    })

    it('a minute apart from another takes no claim and no lease away', async () => {
      expect(await claimed('e1', 'ahead', NOW + 59_000)).to.equal('claimed')
      expect(await claimed('e1', 'right', NOW)).to.equal('elsewhere')
      expect(await leased('ahead', NOW + 59_000)).to.equal(true)
      expect(await leased('right', NOW)).to.equal(false)
    })

    it('holds no lease up, and counts nobody as living', async () => {
      expect(await leased('dead', NOW + YEAR_MS)).to.equal(true)
      expect([...(await on.state.leaseHolders('x', NOW))]).to.deep.equal([])
      expect(await leased('b', NOW)).to.equal(true)
      expect([...(await on.state.leaseHolders('x', NOW))]).to.deep.equal([['x', 'b']])
      expect(await leased('c', NOW + 9_999)).to.equal(false)
      expect(await leased('c', NOW - YEAR_MS), 'set back').to.equal(true)
      expect(await leased('b', NOW)).to.equal(true)
    })

    it('calls no run living, and holds no renaming up', async () => {
      const key = { handler: 'H', source: 's', id: 'e1' }
      await claimed('e1', 'dead', NOW + YEAR_MS)
      await on.state.commit([
        { do: 'begin-run', key, owner: 'dead', address: 'main/posts', at: NOW + YEAR_MS, counts: false },
      ])
      expect((await on.state.knownRuns(NOW)).map(({ isClaimed }) => isClaimed)).to.deep.equal([false])
      expect(await on.state.rename({ what: 'handler', from: 'H', to: 'I' }, NOW)).to.include({ inbox: 1 })
    })

    it('has nothing forgotten that it dated', async () => {
      const ages = { back: NOW - YEAR_MS, old: NOW - 15 * DAY_MS, new: NOW - DAY_MS, ahead: NOW + YEAR_MS }
      for (const [id, at] of Object.entries(ages)) {
        await on.state.commit([{ do: 'finish', key: { handler: 'H', source: 's', id }, at }])
      }
      const plausible = { from: NOW - 21 * DAY_MS, to: NOW + DAY_MS, now: NOW }
      expect(await on.state.expireInbox(NOW - 14 * DAY_MS, plausible)).to.equal(1)
      const states = await Promise.all(Object.keys(ages).map((id) => claimed(id, 'a', NOW)))
      expect(states).to.deep.equal(['finished', 'claimed', 'finished', 'finished'])
    })
  })
}
