import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { demandedFailpoints, namedFailpoints } from '../chaos/failpoints'
import { planned } from '../chaos/report'
import { scheduleOf } from '../chaos/schedule'
import { streamerNamed } from '../chaos/streamers'
import { shortChaos } from './support/short-chaos'

const kafka = streamerNamed('kafka')
const SMALL = { seed: 1, events: 150, kills: 15, streamer: kafka }

describe('chaos on Kafka', function () {
  this.timeout(1_200_000)

  it('loses, doubles and reorders nothing while services die at every failpoint, the broker is killed and connections are cut', async function () {
    try {
      const { verdict } = await shortChaos(SMALL)
      expect(verdict.faults.server).to.be.greaterThan(1)
    } catch (error) {
      if (!isStreamerError(error, 'PACKAGE_MISSING') || process.env.CI === 'true' || !this.test) throw error
      this.test.title += ` (skipped: ${error.message})`
      return this.skip()
    }
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
      expect(kafka.server?.isRequest.publish?.(request(0))).to.equal(true)
      expect(kafka.server?.isRequest.publish?.(request(1))).to.equal(false)
      expect(kafka.server?.isRequest.acknowledge?.(request(8))).to.equal(true)
      expect(kafka.server?.isRequest.acknowledge?.(Buffer.alloc(0))).to.equal(false)
    })
  })
})
