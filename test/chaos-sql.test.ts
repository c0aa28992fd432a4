import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { providerNamed } from '../chaos/providers'
import { shortChaos } from './support/short-chaos'

describe('chaos on the provider for SQL', function () {
  this.timeout(1_800_000)

  for (const [name, what] of [
    ['sqlite', 'while services die at every failpoint'],
    ['postgres', 'while services of two processes, and a third that joins, die at every failpoint'],
  ] as const) {
    it(`loses, doubles and reorders nothing on ${name}, and every read model says what its events say, ${what}`, async function () {
      try {
        const { history } = await shortChaos({ seed: 1, events: 400, kills: 18, provider: providerNamed(name) })
        expect(history.views?.third).to.have.length.greaterThan(10)
      } catch (error) {
        if (!isStreamerError(error, 'PACKAGE_MISSING') || process.env.CI === 'true' || !this.test) throw error
        this.test.title += ` (skipped: ${error.message})`
        return this.skip()
      }
    })
  }
})
