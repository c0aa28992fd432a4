import { expect } from 'chai'
import { Pace } from '../../src/booster/replay/pace'

const LIMITS = { most: 100, every: 10, stillMs: 60, lookMs: 1 }

describe('a long replay', () => {
  it('waits while more is parked than its limit, for as long as somebody handles it', async () => {
    let parked = 150
    const pace = new Pace(async () => (parked -= 10), LIMITS)
    await pace.parked(9)
    expect(parked, 'it is not looked each time').to.equal(150)
    await pace.parked(1)
    expect(parked).to.equal(100)
  })

  it('goes on where nobody handles it, and looks no more', async () => {
    let looks = 0
    const pace = new Pace(async () => {
      looks += 1
      return 1_000
    }, LIMITS)
    await pace.parked(10)
    const before = looks
    expect(before).to.be.greaterThan(1)
    await pace.parked(1_000)
    expect(looks).to.equal(before)
  })
})
