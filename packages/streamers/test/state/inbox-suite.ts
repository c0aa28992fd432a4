import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { mark, parked } from '../support/records'
import type { OpenState } from './open-state'
import { asOwner } from './open-state'

const HOUR = 3_600_000

/** Of inbox. */
export function testInbox(on: OpenState): void {
  describe('inbox', () => {
    const key = { handler: 'H', source: 's', id: 'e1', address: 'main/posts', key: 'k' }
    /** Claimed, and its claim was not given back by the owner before. */
    const suspected = { state: 'claimed', suspicion: { starts: 0, slow: 0 } } as const

    it('lets one owner claim, and again the same one', async () => {
      expect(await on.state.claim([key], asOwner('a'))).to.deep.equal([{ state: 'claimed' }])
      expect(await on.state.claim([key], asOwner('b'))).to.deep.equal([{ state: 'elsewhere' }])
      expect(await on.state.claim([key], asOwner('a'))).to.deep.equal([{ state: 'claimed' }])
    })

    it('lets another owner claim once the claim is over', async () => {
      await on.state.claim([key], asOwner('a', 1_000))
      expect(await on.state.claim([key], asOwner('b', 1_499))).to.deep.equal([{ state: 'elsewhere' }])
      expect(await on.state.claim([key], asOwner('b', 1_500))).to.deep.equal([suspected])
      expect(await on.state.claim([key], asOwner('a', 1_501))).to.deep.equal([{ state: 'elsewhere' }])
    })

    it('keeps an outcome for who wrote it, hands it on once the claim is over, and answers finished to everybody', async () => {
      await on.state.claim([key], asOwner('a', 1_000))
      await on.state.commit([{ do: 'write-outcome', key, owner: 'a', outcome: new Uint8Array([7, 0, 255]) }])
      await on.reopen()
      expect(await on.state.claim([key], asOwner('b', 1_499))).to.deep.equal([{ state: 'elsewhere' }])
      const [claim] = await on.state.claim([key], asOwner('b', 1_500))
      expect(claim.state).to.equal('outcome')
      expect(claim.state === 'outcome' && [...claim.outcome]).to.deep.equal([7, 0, 255])
      await on.state.commit([{ do: 'write-outcome', key, owner: 'b', outcome: new Uint8Array([7]) }])
      expect(await on.state.claim([key], asOwner('a', 1_501))).to.deep.equal([{ state: 'elsewhere' }])
      await on.state.commit([{ do: 'finish', key, at: 1 }])
      expect(await on.state.claim([key], asOwner('a', 1_502))).to.deep.equal([{ state: 'finished' }])
    })

    it('tells handlers, sources and ids apart, and answers in the order of the questions', async () => {
      await on.state.commit([{ do: 'finish', key, at: 1 }])
      const others = [{ ...key, handler: 'I' }, key, { ...key, source: 't' }, { ...key, id: 'e2' }]
      const claims = await on.state.claim(others, asOwner('a'))
      expect(claims.map((claim) => claim.state)).to.deep.equal(['claimed', 'finished', 'claimed', 'claimed'])
    })

    it('refuses the outcome of one whose claim has passed to another, and all that comes with it', async () => {
      await on.state.claim([key], asOwner('a', 1_000))
      await on.state.claim([key], asOwner('b', 9_000))
      const late = { do: 'write-outcome', key, owner: 'a', outcome: new Uint8Array([1]) } as const
      const error: unknown = await on.state
        .commit([{ do: 'mark-pending', mark: mark({}) }, late])
        .catch((thrown: unknown) => thrown)
      expect(isStreamerError(error, 'CLAIM_LOST'), String(error)).to.equal(true)
      expect(await on.state.counts()).to.include({ pending: 0 })
      expect(await on.state.claim([key], asOwner('b', 9_001))).to.deep.equal([suspected])
    })

    it('claims and finishes many at once, and says of each what it was before', async () => {
      const many = Array.from({ length: 86 }, (_, n) => ({ ...key, id: `e${n}` }))
      await on.state.commit([{ do: 'finish', key: many[70], at: 1 }])
      await on.state.claim([many[80]], asOwner('b'))
      const states = async (): Promise<string[]> =>
        (await on.state.claim(many, asOwner('a'))).map((claim) => claim.state)
      const expected = many.map(() => 'claimed').map((state, n) => ({ 70: 'finished', 80: 'elsewhere' })[n] ?? state)
      expect(await states()).to.deep.equal(expected)
      const own = many.filter((_, n) => expected[n] === 'claimed')
      await on.state.commit(own.map((each) => ({ do: 'finish', key: each, at: 2, owner: 'a' })))
      expect(await states()).to.deep.equal(many.map((_, n) => (n === 80 ? 'elsewhere' : 'finished')))
    })

    it('finishes none of many where one claim has passed to another', async () => {
      const many = Array.from({ length: 80 }, (_, n) => ({ ...key, id: `e${n}` }))
      await on.state.claim(many, asOwner('a', 1_000))
      await on.state.claim([many[77]], asOwner('b', 9_000))
      const finishes = many.map((each) => ({ do: 'finish', key: each, at: 1, owner: 'a' }) as const)
      const error: unknown = await on.state.commit(finishes).catch((thrown: unknown) => thrown)
      expect(isStreamerError(error, 'CLAIM_LOST'), String(error)).to.equal(true)
      const claims = await on.state.claim(many, asOwner('b', 9_001))
      expect(claims.filter(({ state }) => state !== 'claimed')).to.deep.equal([])
    })

    it('takes the same event twice in one commit for one', async () => {
      const many = Array.from({ length: 5 }, (_, n) => ({ ...key, id: `e${n % 3}` }))
      await on.state.claim(many, asOwner('a'))
      await on.state.commit(many.map((each) => ({ do: 'finish', key: each, at: 1 })))
      await on.state.commit(many.map(({ id }) => ({ do: 'mark-pending', mark: mark({ id }) })))
      expect(await on.state.counts()).to.include({ pending: 3 })
      const claims = await on.state.claim(many, asOwner('b'))
      expect(claims.map(({ state }) => state)).to.deep.equal(many.map(() => 'finished'))
    })

    it('keeps the age of each of many that are finished together', async () => {
      const many = Array.from({ length: 10 }, (_, n) => ({ ...key, id: `e${n}` }))
      await on.state.commit(many.map((each, n) => ({ do: 'finish', key: each, at: n * HOUR })))
      expect(await on.state.expireInbox(5 * HOUR)).to.equal(5)
    })

    it('says that an event is behind another of its key, but not when that one is tried again', async () => {
      await on.state.commit([{ do: 'park', event: parked({ id: 'e0' }) }])
      const others = [key, { ...key, key: 'other' }, { ...key, handler: 'I' }, { ...key, address: 'main/x' }]
      const claims = await on.state.claim([...others, { ...key, key: undefined }], asOwner('a'))
      expect(claims.map((claim) => claim.state)).to.deep.equal(['behind', 'claimed', 'claimed', 'claimed', 'claimed'])
      const again = await on.state.claim([{ ...key, id: 'e0', fromPark: true }], asOwner('a'))
      expect(again).to.deep.equal([{ state: 'claimed' }])
    })

    it('says that an event without key is behind itself where it is parked', async () => {
      await on.state.commit([{ do: 'park', event: parked({ id: 'e1', key: undefined }) }])
      const keyless = { ...key, key: undefined }
      const claims = await on.state.claim([keyless, { ...keyless, id: 'e2' }], asOwner('a'))
      expect(claims.map((claim) => claim.state)).to.deep.equal(['behind', 'claimed'])
    })

    it('takes a claim back from its owner only, and no outcome', async () => {
      const other = { ...key, id: 'e2' }
      await on.state.claim([key, other], asOwner('a'))
      await on.state.commit([
        { do: 'write-outcome', key: other, owner: 'a', outcome: new Uint8Array([1]) },
        { do: 'release', key, owner: 'b' },
        { do: 'release', key: other, owner: 'a' },
      ])
      const states = async (): Promise<string[]> =>
        (await on.state.claim([key, other], asOwner('b', 1_001))).map((claim) => claim.state)
      expect(await states()).to.deep.equal(['elsewhere', 'elsewhere'])
      await on.state.commit([{ do: 'release', key, owner: 'a' }])
      expect(await states()).to.deep.equal(['claimed', 'elsewhere'])
    })

    it('forgets finished entries by age, and nothing else', async () => {
      await on.state.claim([{ ...key, id: 'e3' }], asOwner('a'))
      await on.state.commit([
        { do: 'finish', key, at: HOUR },
        { do: 'finish', key: { ...key, id: 'e2' }, at: 3 * HOUR },
        { do: 'write-outcome', key: { ...key, id: 'e3' }, owner: 'a', outcome: new Uint8Array([1]) },
      ])
      expect(await on.state.expireInbox(2 * HOUR)).to.equal(1)
      const claims = await on.state.claim([key, { ...key, id: 'e2' }, { ...key, id: 'e3' }], asOwner('a'))
      expect(claims.map((claim) => claim.state)).to.deep.equal(['claimed', 'finished', 'outcome'])
    })
  })
}
