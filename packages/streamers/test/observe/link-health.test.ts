import { expect } from 'chai'
import { LastErrors } from '../../src/observe/health/last-errors'
import { linkHealth } from '../../src/observe/health/link-health'
import type { LinkHealth } from '../../src/observe/health/link-health'
import type { LinkProgress, ReceiverReport } from '../../src/receive'

const NOW = 1_000_000
const STALL_MS = 1_000
const LONG_AGO = NOW - STALL_MS - 1
const LATELY = NOW - STALL_MS + 1

function problemOf(link: Partial<LinkProgress>, report: Partial<ReceiverReport> = {}): LinkHealth['problem'] {
  const links = [{ handler: 'Handler', unsettled: 0, running: [], ...link } as LinkProgress]
  const around = {
    kept: { parked: [], paused: [], runs: [] } as never,
    lastErrors: new LastErrors(),
    now: NOW,
    stallMs: STALL_MS,
  }
  return linkHealth({ address: 'main/posts', polls: true, slots: 8, links, ...report } as ReceiverReport, around)[0]
    .problem
}

describe('the health of a link', () => {
  it('is good while something is settled, polls come back and runs end in time', () => {
    expect(problemOf({})).to.equal(undefined)
    expect(problemOf({ unsettled: 1, oldestUnsettledAt: LONG_AGO, lastProgressAt: LATELY })).to.equal(undefined)
    expect(problemOf({ unsettled: 1, oldestUnsettledAt: LATELY })).to.equal(undefined)
    expect(problemOf({}, { pollingSince: LATELY })).to.equal(undefined)
  })

  it('is stalled where events wait, nothing runs and nothing was settled, and where a poll does not come back', () => {
    expect(problemOf({ unsettled: 1, oldestUnsettledAt: LONG_AGO })).to.equal('stalled')
    expect(problemOf({}, { pollingSince: LONG_AGO })).to.equal('stalled')
  })

  it('names the run that takes long, late runs that take all slots, and a poll that fails, in this order of weight', () => {
    const run = { since: LONG_AGO, isLate: true } as LinkProgress['running'][number]
    const stalled = { unsettled: 1, oldestUnsettledAt: LONG_AGO, running: [run] }
    expect(problemOf(stalled)).to.equal('runs-long')
    expect(problemOf(stalled, { slots: 1 })).to.equal('slots-taken')
    expect(problemOf(stalled, { slots: 1, polls: false })).to.equal('poll-fails')
  })
})
