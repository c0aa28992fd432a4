import { expect } from 'chai'
import type { WireMessage } from '@boostercloud/streamer-connector'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { Log } from '../../src/log/log'
import { ownGroup } from '../../src/operate'
import { settingsFrom } from '../../src/options'

const NOW = Date.UTC(2026, 0, 31, 12)
const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000]
const YEAR_MS = 365 * DAY_MS

/** A log of a day, on a clock that is set. */
class Dated {
  private passed = 0
  private wrongBy = 0

  private constructor(private readonly folder: string) {}

  public static run(test: (dated: Dated) => Promise<void>): Promise<void> {
    return inTempFolder((folder) => test(new Dated(folder)))
  }

  public wrong(byMs: number): void {
    this.wrongBy = byMs
  }

  public pass(ms: number): void {
    this.passed += ms
  }

  public get now(): number {
    return NOW + this.passed + this.wrongBy
  }

  /** Appends so many, enough for old ones to be looked for. */
  public async append(log: Log, count = 250): Promise<void> {
    await log.append('posts', Array.from({ length: count }, message))
  }

  public async withLog<T>(work: (log: Log) => Promise<T>): Promise<T> {
    const settings = settingsFrom({ path: this.folder, retention: { maxAgeMs: DAY_MS } })
    const log = await Log.open(settings, { now: () => this.now, passed: () => this.passed })
    try {
      return await work(log)
    } finally {
      await log.close()
    }
  }
}

function message(): WireMessage {
  return { attributes: {}, headers: {}, body: new Uint8Array([1]) }
}

const countOf = (log: Log): number => log.after('posts', 0, 100_000).length

describe('the log, by a clock that is wrong', () => {
  it('forgets nothing while it is far ahead, and goes on forgetting when it is right again', () =>
    Dated.run((dated) =>
      dated.withLog(async (log) => {
        await dated.append(log)
        dated.wrong(YEAR_MS)
        dated.pass(1_000)
        await dated.append(log)
        await dated.append(log)
        expect(countOf(log)).to.equal(750)
        dated.wrong(0)
        dated.pass(MINUTE_MS)
        await dated.append(log)
        expect(countOf(log)).to.equal(1_000)
        dated.pass(2 * DAY_MS)
        await dated.append(log)
        expect(countOf(log)).to.equal(250)
      })
    ))

  it('forgets nothing where it is far ahead, or far back, when the process begins', () =>
    Dated.run(async (dated) => {
      await dated.withLog((log) => dated.append(log))
      for (const by of [YEAR_MS, 2 * DAY_MS, -YEAR_MS]) {
        dated.wrong(by)
        await dated.withLog((log) => dated.append(log))
      }
      dated.wrong(0)
      dated.pass(MINUTE_MS)
      await dated.withLog(async (log) => {
        await dated.append(log)
        expect(countOf(log)).to.equal(1_250)
      })
    }))

  it('keeps for its time what was dated far back, and finds by time what was dated far ahead', () =>
    Dated.run((dated) =>
      dated.withLog(async (log) => {
        dated.wrong(-YEAR_MS)
        await dated.append(log)
        dated.wrong(0)
        dated.pass(11 * MINUTE_MS)
        await dated.append(log)
        dated.pass(11 * MINUTE_MS)
        await dated.append(log)
        expect(countOf(log)).to.equal(750)
        dated.wrong(YEAR_MS)
        await dated.append(log)
        dated.wrong(0)
        await dated.append(log)
        expect(log.sequenceAt(new Date(dated.now + 1)), 'nothing is from later').to.equal(1_251)
        expect(log.sequenceAt(new Date(dated.now))).to.be.at.most(751)
      })
    ))

  it('gives a group to nobody for longer than a lease', () =>
    Dated.run((dated) =>
      dated.withLog(async (log) => {
        const reading = (stateId: string, leaseMs: number) => ({
          group: 'g',
          topics: ['posts'],
          owner: { stateId, member: stateId, leaseMs },
        })
        await ownGroup(log.file, reading('ahead', YEAR_MS))
        expect(await ownGroup(log.file, reading('right', 10_000))).to.deep.equal({ before: ['ahead'] })
        await rejection(ownGroup(log.file, reading('other', 10_000)), 'GROUP_OWNED')
        await ownGroup(log.file, reading('right', HOUR_MS))
        expect(await ownGroup(log.file, reading('other', 10_000)), 'an hour is no lease').to.have.property('before')
      })
    ))
})
