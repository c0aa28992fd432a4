import { expect } from 'chai'
import { conformanceCases, runCase } from '../src/entries/conformance'
import type { CaseResult, ConformanceCase } from '../src/entries/conformance'
import { faults } from './support/faults'
import type { Fault } from './support/faults'
import { logHarness } from './support/log-harness'

/** Short, because what a faulty connector loses is waited for to the limit; a whole service takes longer. */
const limitOf = ({ room }: ConformanceCase): number => (room === 'failure' ? 1_500 : 700)

/** The result of one case against a connector with one fault, or with none. */
async function resultOf(name: string, fault?: Fault): Promise<CaseResult> {
  const harness = logHarness(fault?.position ?? 'receiver', fault?.name)
  const conformanceCase = conformanceCases.find((each) => each.name === name) as ConformanceCase
  try {
    return await runCase(conformanceCase, harness, { limitMs: limitOf(conformanceCase) })
  } finally {
    await harness.tearDown()
  }
}

describe('a connector with one fault', () => {
  for (const fault of faults) {
    it(`that ${fault.name} fails ${fault.breaks.join(', ')}`, async () => {
      const results = await Promise.all(fault.breaks.map((name) => resultOf(name, fault)))
      expect(results.map(({ name, outcome }) => ({ name, outcome }))).to.deep.equal(
        fault.breaks.map((name) => ({ name, outcome: 'failed' }))
      )
    })
  }

  it('is there for every case', () => {
    const broken = new Set(faults.flatMap(({ breaks }) => breaks))
    expect([...broken].sort()).to.deep.equal(conformanceCases.map(({ name }) => name).sort())
  })

  it('fails for its fault and not for the short limit: without one, the cases about waiting pass', async () => {
    const waiting = ['empty_poll_waits_then_returns', 'waiting_poll_wakes', 'close_ends_waiting_poll']
    const results = await Promise.all(waiting.map((name) => resultOf(name)))
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(['passed', 'passed', 'passed'])
  })
})
