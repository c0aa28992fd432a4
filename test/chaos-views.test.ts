import { expect } from 'chai'
import { wrongViewsOf } from '../chaos/check-views'
import type { History, StoredStep, StoredView } from '../chaos/history'

const STEPS: readonly StoredStep[] = ['red-0', 'blue-0', 'red-1', 'red-2', 'blue-1'].map((origin, at) => ({
  key: origin.split('-')[0],
  origin,
  at,
}))
const RED: StoredView = { key: 'red', origins: ['red-0', 'red-1', 'red-2'] }
const BLUE: StoredView = { key: 'blue', origins: ['blue-0', 'blue-1'] }

/** A history of three services that have stored the same. */
function historyOf(second?: readonly StoredView[]): History {
  const stores = { first: STEPS, second: STEPS, third: STEPS }
  const views = second && { first: [RED, BLUE], second, third: [BLUE, RED] }
  return {
    run: { seed: 1, streamer: 'local', failpoints: [], neverReached: [] },
    journal: [],
    witness: [],
    stores,
    views,
  }
}

describe("chaos's checker of read models", () => {
  it('finds nothing where each says what the events of its entity say', () => {
    expect(wrongViewsOf(historyOf([RED, BLUE]))).to.deep.equal([])
  })

  it('asks nothing where the provider promises nothing', () => {
    expect(wrongViewsOf(historyOf())).to.deep.equal([])
  })

  for (const [what, views, says] of [
    [
      'without an event',
      [{ ...RED, origins: ['red-0', 'red-2'] }, BLUE],
      'red: 2 of 3 events, out of line from number 2 on, without red-1 in second',
    ],
    [
      'that has an event twice',
      [RED, { ...BLUE, origins: ['blue-0', 'blue-1', 'blue-1'] }],
      'blue: 3 of 2 events, with more than was stored in second',
    ],
    [
      'in another order than its events',
      [{ ...RED, origins: ['red-0', 'red-2', 'red-1'] }, BLUE],
      'red: 3 of 3 events, out of line from number 2 on, without none in second',
    ],
    ['that is not there', [RED], 'blue: 0 of 2 events, out of line from number 1 on, without blue-0, blue-1 in second'],
    [
      'of nothing',
      [RED, BLUE, { key: 'ghost', origins: ['ghost-0'] }],
      'ghost: 1 of 0 events, with more than was stored in second',
    ],
  ] as const) {
    it(`sees a read model ${what}`, () => expect(wrongViewsOf(historyOf(views))).to.deep.equal([says]))
  }
})
