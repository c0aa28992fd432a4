import { StreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import type { RetentionClock } from '@boostercloud/streamer-sqlite'
import { Absences, SlotLeases } from '../../src/publish'
import { afterFailure } from '../../src/receive'
import type { Failure, Link } from '../../src/receive'
import { expireNow } from '../../src/runtime/expiry'
import { openEmbeddedState, packEvent } from '../../src/state'
import type { StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { Publishing } from '../support/publishing'
import { TestEffects, receiving } from '../support/receiving'
import { mark, parked } from '../support/records'
import { inTempFolder } from '../support/temp-folder'

const NOW = Date.UTC(2026, 0, 31, 12)
const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000]
const YEAR_MS = 365 * DAY_MS
const RETENTION = { inboxMs: 14 * DAY_MS, deadLetterMs: 30 * DAY_MS }
const settledAt = (now: number): Pick<RetentionClock, 'now' | 'isSettled'> => ({ now: () => now, isSettled: true })

const withState = (work: (state: StateStore) => Promise<void>): Promise<void> =>
  inTempFolder(async (folder) => {
    const state = await openEmbeddedState(folder)
    try {
      await work(state)
    } finally {
      await state.close()
    }
  })

describe('a clock that was wrong, in a service', () => {
  it('has no dead letter and nothing handled forgotten too early, and none kept for ever', () =>
    withState(async (state) => {
      const times = { back: NOW - YEAR_MS, old: NOW - 31 * DAY_MS, new: NOW - DAY_MS, ahead: NOW + YEAR_MS }
      for (const [id, at] of Object.entries(times)) {
        await state.commit([
          { do: 'park', event: parked({ id, state: 'dead', lastAt: at }) },
          { do: 'finish', key: { handler: 'H', source: 's', id: `${id} handled` }, at },
        ])
      }
      const left = async (): Promise<string[]> => (await state.deadLetters(10)).map(({ id }) => id)
      await expireNow(state, RETENTION, { now: () => NOW + YEAR_MS, isSettled: false })
      expect(await left()).to.deep.equal(Object.keys(times))
      await expireNow(state, RETENTION, settledAt(NOW + 2 * YEAR_MS))
      expect(await left(), 'all are dated anew').to.deep.equal(Object.keys(times))
      await expireNow(state, RETENTION, settledAt(NOW))
      expect(await left(), 'and once more').to.deep.equal(Object.keys(times))
      await expireNow(state, RETENTION, settledAt(NOW + 15 * DAY_MS))
      expect(await state.counts()).to.include({ inbox: 0, deadLetters: 4 })
      await expireNow(state, RETENTION, settledAt(NOW + 31 * DAY_MS))
      expect(await state.counts()).to.include({ inbox: 0, deadLetters: 0 })
    }))

  it('puts no try off for longer than the longest delay', () =>
    receiving(async (side) => {
      const state = await side.state()
      const ran: number[] = []
      const effects = new TestEffects(({ n }) => {
        ran.push(n)
        return []
      })
      for (const [n, byMs] of [YEAR_MS, -YEAR_MS, 21].entries()) {
        const [key, id, at] = [`k${n}`, `e${n}`, Date.now() + byMs]
        const event = packEvent({ streamerId: 'log', eventPayload: { key, n }, metadata: { id, key, source: 'test' } })
        const own = { address: 'log/notes', handler: 'Handler', key, id, dueAt: at, firstAt: at, lastAt: at, event }
        await state.commit([{ do: 'park', event: parked(own) }])
      }
      await side.receive({ effects, state })
      await eventually(async () => ran.length === 3 && (await state.counts()).parked === 0)
      expect([...ran].sort()).to.deep.equal([0, 1, 2])
    }))

  it('gives up no event that waits for a newer version because it jumped, and none waits for ever', () => {
    const link = {
      address: 'main/posts',
      handler: 'H',
      retry: { attempts: 3, firstDelayMs: 10, factor: 2, maxDelayMs: 1_000, jitter: 0 },
      afterDeadLetter: 'hold',
      holdLimit: 10,
      newerVersionLimitMs: DAY_MS,
      maxStarts: 5,
    } as const satisfies Link
    const unknown: Failure = { error: new StreamerError('EVENT_VERSION_UNKNOWN', 'x'), during: 'handler' }
    const first = afterFailure(parked({ attempts: 0, firstAt: NOW, dueAt: NOW, lastAt: NOW }), unknown, link, NOW)
    const ahead = afterFailure(first, unknown, link, NOW + YEAR_MS)
    expect(ahead).to.include({ state: 'retry' })
    expect(ahead.lastAt - ahead.firstAt).to.be.lessThan(MINUTE_MS)
    const after = afterFailure(ahead, unknown, link, NOW + MINUTE_MS)
    expect(after).to.include({ state: 'retry', firstAt: NOW + MINUTE_MS })
  })

  it('lets no slot be held without being renewed', () =>
    withState(async (state) => {
      let now = NOW
      const leases = new SlotLeases({ state, address: 'main/x', owner: 'a', leaseMs: 9_000, now: () => now })
      expect(await leases.current()).to.have.length(16)
      now = NOW - YEAR_MS
      await leases.current()
      expect([...(await state.leaseHolders('relay:main/x#slot', now + 8_999))], 'set back').to.have.length(16)
      now = NOW + YEAR_MS
      await leases.current()
      now = NOW
      await leases.current()
      expect([...(await state.leaseHolders('relay:main/x#slot', NOW + 8_999))], 'was ahead').to.have.length(16)
    }))

  it('has no mark dropped too early: what counts is for how long its event is missed', () => {
    let passed = 0
    const absences = new Absences(MINUTE_MS, () => passed)
    for (const markedAt of [NOW - YEAR_MS, NOW, NOW + YEAR_MS]) {
      passed = 0
      const missed = mark({ id: String(markedAt), markedAt })
      expect(absences.isOver(missed)).to.equal(false)
      passed = MINUTE_MS - 1
      expect(absences.isOver(missed)).to.equal(false)
      passed = MINUTE_MS
      expect(absences.isOver(missed)).to.equal(true)
    }
  })

  it('loses no event that is older in the store than its mark', () =>
    Publishing.run(async (side) => {
      const event = side.event('older')
      const [change] = side.outbox.marksFor([event])
      if (change.do !== 'mark-pending') throw new Error('no mark')
      await side.state.commit([{ ...change, mark: { ...change.mark, markedAt: NOW + YEAR_MS } }])
      side.store.set('older', event)
      side.isLookedFor = ({ markedAt }) => markedAt <= NOW
      side.relay()
      const [published] = await side.published(1)
      expect(published.metadata?.id).to.equal('older')
      await eventually(async () => (await side.state.counts()).pending === 0)
    }))
})
