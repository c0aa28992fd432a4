import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { providerNamed } from '../chaos/providers'
import { scheduleOf } from '../chaos/schedule'
import { streamerNamed } from '../chaos/streamers'
import { shortChaos } from './support/short-chaos'

const RUNS = [
  {
    what: 'on SQLite, while services die at every failpoint',
    options: { seed: 1, events: 400, kills: 18, provider: providerNamed('sqlite') },
    database: 0,
  },
  {
    what: 'on PostgreSQL, while services of two processes, and a third that joins, die at every failpoint, and the database too',
    options: { seed: 1, events: 200, kills: 15, provider: providerNamed('postgres') },
    database: 2,
  },
  {
    what: 'on PostgreSQL and over Kafka, while services of two processes, and a third that joins, the broker and the database die',
    options: { seed: 1, events: 200, kills: 15, provider: providerNamed('postgres'), streamer: streamerNamed('kafka') },
    database: 2,
  },
]

describe('chaos on the provider for SQL', function () {
  this.timeout(1_800_000)

  for (const { what, options, database } of RUNS) {
    it(`loses, doubles and reorders nothing, and every read model says what its events say, ${what}`, async function () {
      try {
        const { history, verdict } = await shortChaos(options)
        expect(history.views?.third).to.have.length.greaterThan(10)
        expect(verdict.faults.database).to.be.at.least(database)
      } catch (error) {
        if (!isStreamerError(error, 'PACKAGE_MISSING') || process.env.CI === 'true' || !this.test) throw error
        this.test.title += ` (skipped: ${error.message})`
        return this.skip()
      }
    })
  }

  describe('schedule', () => {
    const kindsOn = (provider: string, kills: number): string[] => {
      const { faults } = scheduleOf({ seed: 1, events: 100, kills, provider: providerNamed(provider) })
      return faults.flatMap((fault) => (fault.on === 'database' ? [fault.do] : []))
    }

    it('has the database killed and cut off in a short run, and all that it knows in a long one', () => {
      const { server } = providerNamed('postgres')
      expect(kindsOn('postgres', 12)).to.have.members(['kill', 'cut'])
      expect(kindsOn('postgres', 50)).to.include.members([...(server?.faults ?? ['none'])])
    })

    it('leaves a database alone that is a file', () => {
      expect(kindsOn('sqlite', 50)).to.deep.equal([])
    })

    it('knows a commit by its bytes', () => {
      const isCommit = providerNamed('postgres').server?.isRequest.commit
      expect(isCommit?.(Buffer.from('Q\0\0\0\x0bCOMMIT\0'))).to.equal(true)
      expect(isCommit?.(Buffer.from('Q\0\0\0\x0aBEGIN\0'))).to.equal(false)
    })
  })
})
