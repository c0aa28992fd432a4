import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { check, isGood } from '../chaos/check'
import type { History } from '../chaos/history'
import { providerNamed } from '../chaos/providers'
import { details, summary } from '../chaos/report'
import { runChaos } from '../chaos/run'
import { scheduleOf } from '../chaos/schedule'

describe('chaos on the provider for SQL', function () {
  this.timeout(900_000)

  for (const [name, what] of [
    ['sqlite', 'while services die at every failpoint'],
    ['postgres', 'while services of two processes, and a third that joins, die at every failpoint'],
  ] as const) {
    it(`loses, doubles and reorders nothing on ${name}, and every read model says what its events say, ${what}`, async function () {
      const said: string[] = []
      const schedule = scheduleOf({ seed: 1, events: 400, kills: 18, provider: providerNamed(name) })
      let history: History
      try {
        history = await runChaos(schedule, { say: (line) => said.push(line) })
      } catch (error) {
        if (!isStreamerError(error, 'PACKAGE_MISSING') || process.env.CI === 'true' || !this.test) throw error
        this.test.title += ` (skipped: ${error.message})`
        return this.skip()
      }
      const verdict = check(history)
      expect(isGood(verdict), [summary(verdict), ...details(verdict), ...said].join('\n')).to.equal(true)
      expect(history.views?.third).to.have.length.greaterThan(10)
    })
  }
})
