import { expect } from 'chai'
import { RetentionClock } from '../src'

const NOW = Date.UTC(2026, 0, 31, 12)
const [MINUTE_MS, YEAR_MS] = [60_000, 365 * 86_400_000]

/** A machine's clock that may be wrong by so much, and one that goes on evenly. */
function machine(wrongBy = 0): {
  readings: { now: () => number; passed: () => number }
  pass(ms: number): void
  set(by: number): void
} {
  let passed = 1_000
  let wrong = wrongBy
  return {
    readings: { now: () => NOW + passed - 1_000 + wrong, passed: () => passed },
    pass: (ms) => (passed += ms),
    set: (by) => (wrong = by),
  }
}

describe('the clock that retention goes by', () => {
  it("is the machine's where that is close to what was stored last", () => {
    const { readings, pass } = machine()
    const clock = new RetentionClock(NOW - 59 * MINUTE_MS, readings)
    expect([clock.now(), clock.isSettled]).to.deep.equal([NOW, true])
    pass(YEAR_MS)
    expect([clock.now(), clock.isSettled]).to.deep.equal([NOW + YEAR_MS, true])
  })

  it("does not follow a machine's that is far ahead for a minute", () => {
    const { readings, pass, set } = machine()
    const clock = new RetentionClock(NOW, readings)
    set(YEAR_MS)
    pass(1_000)
    expect([clock.now(), clock.isSettled]).to.deep.equal([NOW + 1_000, false])
    pass(MINUTE_MS)
    expect(clock.now()).to.equal(NOW + 1_000 + MINUTE_MS)
    set(0)
    expect([clock.now(), clock.isSettled]).to.deep.equal([NOW + 1_000 + MINUTE_MS, true])
  })

  it('follows one that has jumped and stays there for ten minutes', () => {
    const { readings, pass, set } = machine()
    const clock = new RetentionClock(NOW, readings)
    set(YEAR_MS)
    clock.now()
    pass(10 * MINUTE_MS - 1)
    expect(clock.isSettled).to.equal(false)
    pass(1)
    expect([clock.now(), clock.isSettled]).to.deep.equal([NOW + YEAR_MS + 10 * MINUTE_MS, true])
  })

  it('is no later than one that was set back, which settles as late', () => {
    const { readings, pass, set } = machine()
    const clock = new RetentionClock(NOW, readings)
    set(-YEAR_MS)
    expect([clock.now(), clock.isSettled]).to.deep.equal([NOW - YEAR_MS, false])
    pass(MINUTE_MS)
    set(0)
    expect([clock.now(), clock.isSettled]).to.deep.equal([NOW + MINUTE_MS, true])
  })

  for (const [what, wrongBy] of [
    ['ahead', YEAR_MS],
    ['back', -YEAR_MS],
  ] as const) {
    it(`believes none that is far ${what} when it begins, until that has stayed`, () => {
      const { readings, pass, set } = machine(wrongBy)
      const clock = new RetentionClock(NOW, readings)
      expect(clock.isSettled).to.equal(false)
      expect(clock.now(), 'nothing is surely past').to.be.lessThan(MINUTE_MS)
      pass(MINUTE_MS)
      set(0)
      expect(clock.isSettled).to.equal(false)
      pass(10 * MINUTE_MS)
      expect([clock.now(), clock.isSettled]).to.deep.equal([NOW + 11 * MINUTE_MS, true])
    })
  }

  it('believes none at once where nothing is known', () => {
    const { readings, pass } = machine()
    const clock = new RetentionClock(undefined, readings)
    expect(clock.isSettled).to.equal(false)
    expect(clock.now()).to.be.lessThan(YEAR_MS)
    pass(10 * MINUTE_MS)
    expect([clock.now(), clock.isSettled]).to.deep.equal([NOW + 10 * MINUTE_MS, true])
  })
})
