import { expect } from 'chai'
import { Progress, together } from '../../src/consume/progress'

describe('progress', () => {
  it('is missing where events are there and a poll that waits does not get them', () => {
    const progress = new Progress()
    progress.waits()
    expect(progress.with(5, 0)).to.deep.equal({ lag: 5, stalled: false })
    progress.polled(0)
    progress.waits()
    expect(progress.with(5, 10_000).stalled).to.equal(false)
    expect(progress.with(5, 10_001).stalled).to.equal(true)
    progress.polled(1)
    progress.waits()
    expect(progress.with(4, 10_002).stalled).to.equal(false)
  })

  it('is not missing where nobody polls, or nothing waits', () => {
    const progress = new Progress()
    expect(progress.with(5, 0).stalled).to.equal(false)
    expect(progress.with(5, 60_000).stalled).to.equal(false)
    progress.waits()
    progress.with(5, 70_000)
    progress.polled(0)
    expect(progress.with(5, 90_000).stalled).to.equal(false)
    progress.waits()
    expect(progress.with(0, 91_000).stalled).to.equal(false)
    expect(progress.with(1, 95_000).stalled).to.equal(false)
  })

  it('of several readers is that of each', () => {
    const backlogs = [
      { lag: 1, stalled: false },
      { lag: 2, stalled: true },
    ]
    expect(together(backlogs)).to.deep.equal({ lag: 3, stalled: true })
    expect(together([])).to.deep.equal({ lag: 0, stalled: false })
  })
})
