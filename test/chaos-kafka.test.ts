import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { check, isGood } from '../chaos/check'
import { demandedFailpoints, namedFailpoints } from '../chaos/failpoints'
import type { History } from '../chaos/history'
import { details, planned, summary } from '../chaos/report'
import { runChaos } from '../chaos/run'
import { scheduleOf } from '../chaos/schedule'
import { streamerNamed } from '../chaos/streamers'

const kafka = streamerNamed('kafka')
const SMALL = { seed: 1, events: 150, kills: 15, streamer: kafka }

describe('chaos on Kafka', function () {
  this.timeout(600_000)

  it('loses, doubles and reorders nothing while services die at every failpoint, the broker is killed and connections are cut', async function () {
    const said: string[] = []
    let history: History
    try {
      history = await runChaos(scheduleOf(SMALL), { say: (line) => said.push(line) })
    } catch (error) {
      if (!isStreamerError(error, 'PACKAGE_MISSING') || process.env.CI === 'true' || !this.test) throw error
      this.test.title += ` (skipped: ${error.message})`
      return this.skip()
    }
    const verdict = check(history)
    expect(isGood(verdict), [summary(verdict), ...details(verdict), ...said].join('\n')).to.equal(true)
    expect(verdict.faults.server).to.be.greaterThan(1)
  })

  describe('schedule', () => {
    const { faults } = scheduleOf(SMALL)

    it('is the same for the same seed, and another for another', () => {
      expect(planned(scheduleOf(SMALL))).to.deep.equal(planned(scheduleOf(SMALL)))
      expect(planned(scheduleOf({ ...SMALL, seed: 2 }))).not.to.deep.equal(planned(scheduleOf(SMALL)))
    })

    it('has the server killed and its connections cut in a short run, and all that it knows in a long one', () => {
      const kinds = (of: typeof faults): string[] => of.flatMap((fault) => (fault.on === 'server' ? [fault.do] : []))
      expect(kinds(faults)).to.include.members(['kill', 'cut'])
      expect(kinds(scheduleOf({ ...SMALL, kills: 50 }).faults)).to.include.members([...(kafka.server?.faults ?? [])])
    })

    it('stops a service for longer than its session lasts', () => {
      expect(faults.some((fault) => fault.do === 'stop' && fault.forMs > (kafka.sessionMs ?? 0))).to.equal(true)
    })

    it('demands every failpoint but those of a position that the service would keep', () => {
      expect(namedFailpoints().filter((name) => !demandedFailpoints(kafka).includes(name))).to.have.members([
        'receive.before-position',
        'receive.after-position',
      ])
    })

    it('knows requests by their first bytes', () => {
      const request = (apiKey: number): Buffer => Buffer.from([0, 0, 0, 2, 0, apiKey])
      expect(kafka.server?.isRequest.publish(request(0))).to.equal(true)
      expect(kafka.server?.isRequest.publish(request(1))).to.equal(false)
      expect(kafka.server?.isRequest.acknowledge(request(8))).to.equal(true)
      expect(kafka.server?.isRequest.acknowledge(Buffer.alloc(0))).to.equal(false)
    })
  })
})
