import { StreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { assertDistinct, conformanceCases, runColumn } from '../src/entries/conformance'
import type { ConformanceColumn, ConnectorUnderTest } from '../src/entries/conformance'
import { logHarness } from './support/log-harness'

/** A column that reaches nothing. */
const broken = (setUp: ConformanceColumn['setUp'], options: ConformanceColumn['options'] = {}): ConformanceColumn => ({
  name: 'broken',
  setUp,
  options,
})

/** Runs work as if on a continuous integration server, or not. */
async function withCi<T>(ci: string | undefined, work: () => Promise<T>): Promise<T> {
  const before = process.env.CI
  try {
    if (ci === undefined) delete process.env.CI
    else process.env.CI = ci
    return await work()
  } finally {
    if (before === undefined) delete process.env.CI
    else process.env.CI = before
  }
}

const noBroker = (): never => {
  throw new StreamerError('PACKAGE_MISSING', 'There is no such server here.')
}

describe('a column of the conformance table', () => {
  it('has a verdict on every case, and tells of each as it comes', async () => {
    const told: string[] = []
    const throwing: ConnectorUnderTest = {
      create: () => {
        throw new Error('no connector\n  today')
      },
      topic: () => 'posts',
    }
    const verdicts = await runColumn(
      broken(() => throwing),
      (name) => told.push(name)
    )
    expect(Object.keys(verdicts)).to.deep.equal(conformanceCases.map(({ name }) => name))
    expect(told).to.deep.equal(Object.keys(verdicts))
    expect(new Set(Object.values(verdicts))).to.deep.equal(new Set(['failed: no connector today']))
  })

  it('is skipped with the reason where its broker cannot be had, which is a failure in CI', async () => {
    const skipped = await withCi(undefined, () => runColumn(broken(noBroker)))
    expect(new Set(Object.values(skipped).map((verdict) => verdict.split(':')[0]))).to.deep.equal(new Set(['skipped']))
    expect(skipped.ack_is_durable).to.contain('no such server')
    const failed = await withCi('true', () => runColumn(broken(noBroker)))
    expect(new Set(Object.values(failed).map((verdict) => verdict.split(':')[0]))).to.deep.equal(new Set(['failed']))
  })

  it('fails where a case is skipped that was not said to be', async () => {
    const harness = logHarness('receiver')
    const { poll: _, ...pollless } = {
      publish: async () => undefined,
      transformEvents: async () => [],
      poll: undefined,
    }
    const verdicts = await runColumn(broken(() => ({ create: () => pollless, topic: harness.topic }), { skipped: [] }))
    await harness.tearDown()
    expect(verdicts.ack_is_durable).to.match(/^failed: skipped unexpectedly, without poll/)
  })

  it('has a name of its own', () => {
    const column = broken(noBroker)
    expect(() => assertDistinct([column, { ...column, name: 'other' }])).not.to.throw()
    expect(() => assertDistinct([column, column])).to.throw("'broken'")
  })
})
