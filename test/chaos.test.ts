import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { check } from '../chaos/check'
import { namedFailpoints, stagesOf } from '../chaos/failpoints'
import { loadHistory, saveHistory } from '../chaos/history'
import { summary } from '../chaos/report'
import { scheduleOf } from '../chaos/schedule'
import { shortChaos } from './support/short-chaos'

const SMALL = { seed: 1, events: 150, kills: 20 }

describe('chaos', function () {
  this.timeout(900_000)

  it('loses, doubles and reorders nothing along three services that die at every failpoint', async () => {
    const { history, verdict } = await shortChaos(SMALL)
    expect(summary(verdict)).to.match(/^lost 0, doubled 0, reordered 0 of \d+, faults \d+, failpoints hit (\d+) of \1$/)

    const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
    try {
      saveHistory(folder, history)
      expect(check(loadHistory(folder))).to.deep.equal(verdict)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  describe('schedule', () => {
    it('is the same for the same seed, and another for another', () => {
      expect(scheduleOf(SMALL)).to.deep.equal(scheduleOf(SMALL))
      expect(scheduleOf({ ...SMALL, seed: 2 })).not.to.deep.equal(scheduleOf(SMALL))
    })

    it('kills at every failpoint where there are kills enough, each where services come to it', () => {
      const { faults } = scheduleOf(SMALL)
      const kills = faults.flatMap((fault) => (fault.do === 'kill-at' ? [fault] : []))
      expect(kills.map(({ failpoint }) => failpoint)).to.include.members(namedFailpoints())
      expect(kills.filter(({ failpoint, on }) => !stagesOf(failpoint).includes(on))).to.deep.equal([])
      expect(faults.filter((fault) => fault.do !== 'stop')).to.have.lengthOf(SMALL.kills)
    })

    it('knows failpoints before and after what is durable', () => {
      expect(namedFailpoints()).to.include.members([
        'publish.before-mark',
        'publish.after-send',
        'receive.after-outcome',
      ])
    })

    it('sends so many events as it is asked for, and stops longer than a lease in a long run', () => {
      const { commands, faults } = scheduleOf({ seed: 3, events: 5_000, kills: 50 })
      expect(commands.flatMap(({ origins }) => origins)).to.have.lengthOf(5_000)
      expect(faults.some((fault) => fault.do === 'stop' && fault.forMs > 10_000)).to.equal(true)
    })
  })
})
