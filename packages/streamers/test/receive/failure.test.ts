import { StreamerError } from '@boostercloud/streamer-connector'
import type { StreamerErrorCode } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import fc from 'fast-check'
import { DoNotRetryError, afterFailure } from '../../src/receive'
import type { Failure, Link } from '../../src/receive'
import { parked } from '../support/records'

const link: Link = {
  address: 'main/posts',
  handler: 'H',
  retry: { attempts: 3, firstDelayMs: 10, factor: 2, maxDelayMs: 1_000, jitter: 0 },
  afterDeadLetter: 'hold',
  holdLimit: 10,
  newerVersionLimitMs: 5_000,
  maxStarts: 5,
}
const coded = (code: StreamerErrorCode): Failure => ({ error: new StreamerError(code, 'x'), during: 'handler' })
const thrown: Failure = { error: new Error('x'), during: 'handler' }

describe('after a failure', () => {
  it('counts runs of the handler, backs off, and gives up after the last', () => {
    const first = afterFailure(parked({ attempts: 0 }), thrown, link, 100)
    expect(first).to.include({ state: 'retry', attempts: 1, dueAt: 110, lastAt: 100 })
    const second = afterFailure(first, thrown, link, 200)
    expect(second).to.include({ state: 'retry', attempts: 2, dueAt: 220 })
    expect(afterFailure(second, thrown, link, 300)).to.include({ state: 'dead', attempts: 3, holds: true })
  })

  it('holds the key as told, and never without one', () => {
    const last = parked({ attempts: 2 })
    expect(afterFailure(last, thrown, { ...link, afterDeadLetter: 'continue' }, 0)).to.include({
      state: 'dead',
      holds: false,
    })
    expect(afterFailure({ ...last, key: undefined }, thrown, link, 0)).to.include({ state: 'dead', holds: false })
  })

  for (const code of ['EVENT_UNDECODABLE', 'EVENT_MISMATCH'] as const) {
    it(`gives up at once on ${code}, and holds nothing`, () => {
      expect(afterFailure(parked({ attempts: 0 }), coded(code), link, 0)).to.include({ state: 'dead', holds: false })
    })
  }

  it('gives up at once on what the policy or the error says is never tried again, and holds the key as told', () => {
    class Invalid extends Error {}
    class Deeper extends Invalid {}
    const own = { ...link, retry: { ...link.retry, neverRetry: [Invalid, 'ZodError'] } }
    const became = (error: unknown): unknown => {
      const { state, holds, attempts } = afterFailure(parked({ attempts: 0 }), { error, during: 'handler' }, own, 0)
      return [state, holds, attempts]
    }
    const zod = Object.assign(new Error('x'), { name: 'ZodError' })
    for (const error of [new Invalid(), new Deeper(), zod, new DoNotRetryError('x', { cause: new Error('y') })]) {
      expect(became(error), String(error)).to.deep.equal(['dead', true, 1])
    }
    for (const error of [new Error('x', { cause: new Invalid() }), 'ZodError', undefined, null]) {
      expect(became(error), String(error)).to.deep.equal(['retry', false, 1])
    }
    const storing: Failure = { error: new Invalid(), during: 'storing' }
    expect(afterFailure(parked({ attempts: 0 }), storing, own, 0)).to.include({ state: 'retry' })
  })

  it('waits for a newer version without counting, ever longer, up to its limit', () => {
    const failure = coded('EVENT_VERSION_UNKNOWN')
    const waiting = parked({ attempts: 0, firstAt: 0 })
    expect(afterFailure(waiting, failure, link, 1)).to.include({ state: 'retry', attempts: 0, dueAt: 11 })
    expect(afterFailure(waiting, failure, link, 500)).to.include({ state: 'retry', attempts: 0, dueAt: 1_000 })
    expect(afterFailure(waiting, failure, link, 4_999)).to.include({ state: 'retry', dueAt: 5_999 })
    expect(afterFailure(waiting, failure, link, 5_000)).to.include({ state: 'dead', holds: true })
  })

  it('never gives up on storing an outcome', () => {
    const storing: Failure = { error: new Error('away'), during: 'storing' }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 100 }), (now, attempts) => {
        const after = afterFailure(parked({ attempts, firstAt: 0 }), storing, link, now)
        expect(after).to.include({ state: 'retry', attempts })
        expect(after.dueAt - now).to.be.within(10, 1_000)
      })
    )
  })
})
