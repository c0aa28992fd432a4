import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { cases } from './cases'
import { dispatchCases } from './cases/dispatch'
import { readModelCases } from './cases/read-models'
import { sequencedCases } from './cases/sequenced'
import type { ConformanceCase } from './conformance-case'
import { LOCAL_PROVIDER_FAILURES } from './known-failures'
import { ProviderProcess } from './provider-process'
import type { ProviderUnderTest } from './provider-process'

const LIMIT_MS = 120_000

describe('conformance to the provider interface of Booster', () => {
  describe('the local provider of Booster', () => {
    conforms(() => ({ providerPackage: '@boostercloud/framework-provider-local' }), LOCAL_PROVIDER_FAILURES)
  })
  describe('SQLite', () => {
    conforms(() => ({ providerPackage: '@boostercloud/framework-provider-sql' }))
  })
  describe('SQLite, with a core as that of Booster 4', () => {
    const provider = { providerPackage: '@boostercloud/framework-provider-sql', newerCore: true }
    conforms(() => provider, {}, [...dispatchCases, ...readModelCases, ...sequencedCases])
  })
  describeWithServer('postgres', (server) => {
    conforms(() => ({
      providerPackage: '@boostercloud/framework-provider-sql',
      env: { DATABASE_URL: server().url },
    }))
  })
})

function conforms(
  provider: () => ProviderUnderTest,
  knownFailures: Readonly<Record<string, string>> = {},
  held: readonly ConformanceCase[] = cases
): void {
  let process: ProviderProcess
  before(async function () {
    this.timeout(LIMIT_MS)
    process = await ProviderProcess.start(provider())
  })
  after(async () => process?.stop())

  it('has no failure listed of a case that there is not', () => {
    const names = cases.map(({ name }) => name)
    expect(Object.keys(knownFailures).filter((name) => !names.includes(name))).to.deep.equal([])
  })
  for (const { name, asserts } of held) {
    const reason = knownFailures[name]
    it(reason === undefined ? `${name}: ${asserts}` : `${name} fails, as known: ${reason}`, async () => {
      const failure = await process.run(name)
      if (reason === undefined && failure !== undefined) throw new Error(failure)
      if (reason !== undefined && failure === undefined) {
        throw new Error('It passes: take it off the list of known failures.')
      }
    }).timeout(LIMIT_MS)
  }
}
