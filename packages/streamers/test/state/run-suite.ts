import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import type { Claim, StateChange } from '../../src/state'
import type { OpenState } from './open-state'
import { asOwner } from './open-state'

/** Of runs that do not end: whose claims pass on, what is counted, and what takes a count back. */
export function testRuns(on: OpenState): void {
  describe('runs that do not end', () => {
    const key = { handler: 'H', source: 's', id: 'e1', address: 'main/posts', key: 'k' }
    const claim = async (owner: string, now: number): Promise<Claim> =>
      (await on.state.claim([key], asOwner(owner, now)))[0]
    const begin = (owner: string, counts: boolean, own = key): StateChange => ({
      do: 'begin-run',
      key: own,
      owner,
      address: 'main/posts',
      at: 7,
      counts,
    })
    const suspected = (starts: number, slow = 0): Claim => ({ state: 'claimed', suspicion: { starts, slow } })

    it('suspects an event whose claim passes to another owner, and goes on suspecting it for that one', async () => {
      expect(await claim('a', 1_000)).to.deep.equal({ state: 'claimed' })
      expect(await claim('a', 1_100)).to.deep.equal({ state: 'claimed' })
      expect(await claim('b', 2_000)).to.deep.equal(suspected(0))
      await on.reopen()
      expect(await claim('b', 2_100)).to.deep.equal(suspected(0))
      expect(await claim('c', 3_000)).to.deep.equal(suspected(0))
    })

    it('takes over what others have claimed at once where only one owner lives', async () => {
      await claim('a', 1_000)
      const [taken] = await on.state.claim([key], { ...asOwner('b', 1_001), sole: true })
      expect(taken).to.deep.equal(suspected(0))
      expect(await claim('a', 1_002)).to.deep.equal({ state: 'elsewhere' })
    })

    it('suspects of many only those that another had claimed', async () => {
      const many = Array.from({ length: 70 }, (_, n) => ({ ...key, id: `e${n}` }))
      await on.state.claim([many[3], many[68]], asOwner('a', 1_000))
      const claims = await on.state.claim(many, asOwner('b', 2_000))
      expect(claims.flatMap((one, n) => ('suspicion' in one ? [n] : []))).to.deep.equal([3, 68])
    })

    it('counts the beginnings of runs, and neither claims nor their renewal', async () => {
      await claim('a', 1_000)
      for (let starts = 0; starts < 3; starts += 1) {
        const owner = `b${starts}`
        const now = 2_000 + starts * 1_000
        expect(await claim(owner, now)).to.deep.equal(suspected(starts))
        expect(await claim(owner, now + 1)).to.deep.equal(suspected(starts))
        await on.state.commit([begin(owner, true)])
        expect(await claim(owner, now + 2)).to.deep.equal(suspected(starts + 1))
      }
      expect((await on.state.knownRuns(9_000)).map(({ starts }) => starts)).to.deep.equal([3])
    })

    it('does not count a run that is only to be seen', async () => {
      await claim('a', 1_000)
      await on.state.commit([begin('a', false)])
      expect(await claim('a', 1_001)).to.deep.equal({ state: 'claimed' })
      expect(await claim('b', 2_000)).to.deep.equal(suspected(0))
    })

    it('forgets what it counted when a run has ended, in whatever way', async () => {
      const ends: StateChange[] = [
        { do: 'release', key, owner: 'b', ended: true },
        { do: 'write-outcome', key, owner: 'b', outcome: new Uint8Array([1]) },
        { do: 'excuse-run', key, owner: 'b', because: 'over-time', counted: true },
      ]
      for (const end of ends) {
        await claim('a', 1_000)
        await claim('b', 2_000)
        await on.state.commit([begin('b', true)])
        await on.state.commit([end])
        const again = await claim('b', 2_001)
        expect('suspicion' in again, end.do).to.equal(false)
        await on.state.commit([{ do: 'finish', key, at: 1 }])
        expect(await on.state.knownRuns(2_002)).to.deep.equal([])
        await on.state.expireInbox(2)
      }
    })

    it('keeps what it counted where a claim is given back without a run', async () => {
      await claim('a', 1_000)
      await claim('b', 2_000)
      await on.state.commit([begin('b', true)])
      await claim('c', 3_000)
      await on.state.commit([{ do: 'release', key, owner: 'c' }])
      expect(await claim('d', 3_001)).to.deep.equal(suspected(1))
    })

    it('does not suspect what was given back, nor what was left in an orderly way', async () => {
      await claim('a', 1_000)
      await on.state.commit([{ do: 'release', key, owner: 'a' }])
      expect(await claim('b', 1_001)).to.deep.equal({ state: 'claimed' })
      await on.state.commit([begin('b', false)])
      await on.state.commit([{ do: 'excuse-run', key, owner: 'b', because: 'left', counted: false }])
      expect(await claim('c', 1_002), 'while it may still run').to.deep.equal({ state: 'elsewhere' })
      expect(await claim('c', 2_000)).to.deep.equal({ state: 'claimed' })
    })

    it('takes back the start of a run that was left in an orderly way, and of one that others run beside', async () => {
      await claim('a', 1_000)
      await claim('b', 2_000)
      await on.state.commit([begin('b', true)])
      await on.state.commit([{ do: 'excuse-run', key, owner: 'b', because: 'left', counted: true }])
      expect(await claim('c', 3_000)).to.deep.equal(suspected(0))
      await on.state.commit([begin('c', true)])
      await on.state.commit([{ do: 'excuse-run', key, owner: 'c', because: 'in-company', counted: true }])
      expect(await claim('d', 4_000)).to.deep.equal(suspected(0, 1))
    })

    it('suspects an event whose outcome is being stored by one who has gone, and hands the outcome on', async () => {
      await claim('a', 1_000)
      await on.state.commit([{ do: 'write-outcome', key, owner: 'a', outcome: new Uint8Array([7]) }])
      const passed = await claim('b', 2_000)
      expect(passed).to.deep.include({ state: 'outcome', suspicion: { starts: 0, slow: 0 } })
      await on.state.commit([begin('b', true)])
      await on.state.commit([{ do: 'release', key, owner: 'b', ended: true }])
      const again = await claim('b', 2_001)
      expect([again.state, 'suspicion' in again]).to.deep.equal(['outcome', false])
    })

    it('begins no run of one whose claim has passed to another', async () => {
      await claim('a', 1_000)
      await claim('b', 2_000)
      const error: unknown = await on.state.commit([begin('a', true)]).catch((thrown: unknown) => thrown)
      expect(isStreamerError(error, 'CLAIM_LOST'), String(error)).to.equal(true)
      await on.state.commit([{ do: 'excuse-run', key, owner: 'a', because: 'left', counted: true }])
      expect(await claim('b', 2_001)).to.deep.equal(suspected(0))
    })

    it('tells of runs that have begun, since when, and whether their process renews its claim', async () => {
      const other = { ...key, id: 'e2' }
      await on.state.claim([key, other, { ...key, id: 'e3' }], asOwner('a', 1_000))
      await on.state.commit([begin('a', false), begin('a', false, other)])
      await on.state.commit([{ do: 'finish', key: other, at: 1, owner: 'a' }])
      const run = { address: 'main/posts', handler: 'H', source: 's', id: 'e1', since: 7, starts: 0 }
      expect(await on.state.knownRuns(1_499)).to.deep.equal([{ ...run, isClaimed: true }])
      expect(await on.state.knownRuns(1_500)).to.deep.equal([{ ...run, isClaimed: false }])
      await claim('b', 2_000)
      expect(await on.state.knownRuns(2_001)).to.deep.equal([{ ...run, since: undefined, isClaimed: true }])
    })
  })
}
