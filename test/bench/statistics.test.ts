import { expect } from 'chai'
import fc from 'fast-check'
import { percentile, ratios, summarise } from '../../bench/measure/statistics'

const figures = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 })

describe('the statistics of the bench', () => {
  it('has a median between the lowest and the highest run, with as many runs on either side', () => {
    fc.assert(
      fc.property(figures, (runs) => {
        const { median, min, max } = summarise(runs) ?? { median: NaN, min: NaN, max: NaN }
        expect([Math.min(...runs), Math.max(...runs)]).to.deep.equal([min, max])
        const half = runs.length / 2
        expect(runs.filter((figure) => figure <= median).length).to.be.at.least(half)
        expect(runs.filter((figure) => figure >= median).length).to.be.at.least(half)
      })
    )
  })

  it('takes the mean of the two in the middle of an even number of runs', () => {
    expect(summarise([4, 1, 3, 2])).to.deep.equal({ median: 2.5, min: 1, max: 4, runs: [4, 1, 3, 2] })
  })

  it('has nothing to say of no runs', () => {
    expect(summarise([])).to.equal(undefined)
    expect(percentile([], 50)).to.be.NaN
  })

  it('has percentiles by the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect([1, 50, 99, 100].map((percent) => percentile(hundred, percent))).to.deep.equal([1, 50, 99, 100])
    expect(percentile([7], 1)).to.equal(7)
  })

  it('compares round by round, so that a slow machine falls out', () => {
    expect(ratios([90, 45, 9], [100, 50, 10])).to.deep.equal([0.9, 0.9, 0.9])
  })
})
