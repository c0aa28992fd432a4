import { expect } from 'chai'
import fc from 'fast-check'
import { WakeUp } from '@boostercloud/streamer-connector'
import { Limiter, delayAfter } from '../../src/timing'

describe('backoff', () => {
  const policy = fc.record({
    firstDelayMs: fc.integer({ min: 0, max: 10_000 }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    maxDelayMs: fc.integer({ min: 0, max: 100_000 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  const random = fc.double({ min: 0, max: 1, noNaN: true })

  it('stays between nothing and its limit, and never shrinks without jitter', () => {
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 2_000 }), random, (backoff, failures, chance) => {
        const delay = delayAfter(failures, backoff, chance)
        expect(delay).to.be.within(0, backoff.maxDelayMs)
        const steady = { ...backoff, jitter: 0 }
        expect(delayAfter(failures + 1, steady, chance)).to.be.at.least(delayAfter(failures, steady, chance))
      })
    )
  })

  it('multiplies from the first delay on', () => {
    const backoff = { firstDelayMs: 200, factor: 3, maxDelayMs: 60_000, jitter: 0 }
    expect([1, 2, 3, 4, 9].map((failures) => delayAfter(failures, backoff, 0))).to.deep.equal([
      200, 600, 1800, 5400, 60_000,
    ])
  })
})

describe('limiter', () => {
  it('runs no more than its limit at once, all of them, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 30 }), async (limit, works) => {
        const limiter = new Limiter(limit)
        const begun: number[] = []
        let running = 0
        let most = 0
        await Promise.all(
          Array.from({ length: works }, (_, index) =>
            limiter.run(async () => {
              begun.push(index)
              running += 1
              most = Math.max(most, running)
              await new Promise((resolve) => setImmediate(resolve))
              running -= 1
            })
          )
        )
        expect(begun).to.deep.equal(Array.from({ length: works }, (_, index) => index))
        expect(most).to.equal(Math.min(limit, works))
      }),
      { numRuns: 30 }
    )
  })

  it('goes on after a failure', async () => {
    const limiter = new Limiter(1)
    const failed = await limiter.run(() => Promise.reject(new Error('no'))).catch((error: Error) => error.message)
    expect(failed).to.equal('no')
    expect(await limiter.run(() => Promise.resolve('yes'))).to.equal('yes')
  })
})

describe('wake-up', () => {
  it('keeps a wake-up that comes before the sleep', async () => {
    const wakeUp = new WakeUp()
    wakeUp.wake()
    await wakeUp.sleep(1_000_000)
  })

  it('ends a sleep', async () => {
    const wakeUp = new WakeUp()
    const sleep = wakeUp.sleep(1_000_000)
    wakeUp.wake()
    await sleep
  })

  it('ends by itself at the limit', async () => {
    await new WakeUp().sleep(1)
  })
})
