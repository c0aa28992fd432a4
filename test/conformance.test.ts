import { expect } from 'chai'
import { columnsNamed } from '../scripts/conformance/columns'
import { conclusion, hasFailures, table } from '../scripts/conformance/report'

const REPORT = {
  local: { ack_is_durable: 'passed', health_follows_the_broker: 'skipped: harness.broker' },
  mine: { ack_is_durable: 'failed: Received 3 of 10 events', health_follows_the_broker: 'passed' },
}

describe('npm run conformance', () => {
  it('has a column of each connector, chosen by the beginning of its name', async () => {
    const names = async (...beginnings: string[]) =>
      (await columnsNamed(beginnings)).map(({ name }: { name: string }) => name)
    expect(await names()).to.include('local')
    expect(await names('loc')).to.deep.equal(['local'])
  })

  it('refuses a beginning that no column has, and names those there are', async () => {
    const refusal = await columnsNamed(['nowhere']).catch((error: Error) => error.message)
    expect(refusal).to.contain("'nowhere'").and.to.contain("'local'")
  })

  it('prints cases down and connectors across, with what is missing', () => {
    expect(table(REPORT).split('\n')).to.deep.equal([
      'case                       local                    mine',
      'ack_is_durable             passed                   FAILED',
      'health_follows_the_broker  skipped: harness.broker  passed',
    ])
  })

  it('ends with why what failed did, and how many there are of each', () => {
    expect(conclusion(REPORT).split('\n')).to.deep.equal([
      'mine ack_is_durable failed: Received 3 of 10 events',
      'local: 1 passed, 0 failed, 1 skipped',
      'mine: 1 passed, 1 failed, 0 skipped',
    ])
  })

  it('fails when a case of any column does', () => {
    expect(hasFailures(REPORT)).to.equal(true)
    expect(hasFailures({ local: REPORT.local })).to.equal(false)
  })
})
