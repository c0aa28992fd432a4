import './support/environment'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { check } from '../../../chaos/check'
import type { Verdict } from '../../../chaos/check'
import { Competition } from './support/competition'
import type { CompetitorOrder, Death, Line, Note, StoredEffect } from './support/competition'
import { freshSchema } from './support/schema'

const KEYS = 10
const EVENTS = 240
const BATCH = 20
const LIMIT_MS = 60_000
const notes: Note[] = Array.from({ length: EVENTS }, (_, n) => ({ key: `k${n % KEYS}`, n: Math.floor(n / KEYS) }))

describe('two receivers that compete', function () {
  this.timeout(300_000)

  describeWithServer('postgres', (server) => {
    let folder: string
    let competition: Competition | undefined
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'streamers-competing-'))
    })
    afterEach(async () => {
      await competition?.stop()
      await rm(folder, { recursive: true, force: true })
    })

    const compete = async (own: Partial<CompetitorOrder>): Promise<Outcome> => {
      const started = await Competition.start(
        {
          url: server().url,
          schema: freshSchema(),
          log: join(folder, 'log'),
          witness: join(folder, 'witness'),
          faults: join(folder, 'faults'),
          claimMs: 1_000,
          failureRate: 0.03,
          killRate: 0,
          stopRate: 0,
          leased: false,
          ...own,
        },
        2
      )
      competition = started
      let effects: StoredEffect[] = []
      for (let published = 0; effects.length < EVENTS;) {
        const next = notes.slice(published, published + BATCH)
        await started.publish(next)
        published += next.length
        await eventually(
          async () => (effects = await started.stored()).length >= published - 2 * BATCH * Number(published < EVENTS),
          async () => ({
            stored: effects.length,
            published,
            errors: started.errors.slice(-1_000),
            left: await started.left(),
          }),
          LIMIT_MS
        )
      }
      await started.stop()
      return outcomeOf(await started.stored(), started.witnessed)
    }

    it('make every effect once and in the order of its key', async () => {
      // Nobody dies, so no claim has to pass on, also where the machine stands still for a moment.
      const { effects, lines, verdict } = await compete({ claimMs: 5_000 })
      judge(effects, lines)
      expectGood(verdict)
      expect(verdict.overlapping).to.deep.equal([])
      expect(effects.filter(({ stores }) => stores > 1)).to.deep.equal([])
      expect(new Set(lines.map(({ by }) => by)).size, 'processes that ran handlers').to.equal(2)
      expect(lines.filter(({ what }) => what === 'fail')).not.to.deep.equal([])
    })

    it('do so too while they die', async () => {
      const { effects, lines, verdict } = await compete({ killRate: 0.004 })
      judge(effects, lines)
      expectGood(verdict)
      expect(competition?.faults.length, 'kills').to.be.greaterThan(0)
    })

    it('do so too while they die and one of them reads at a time, under a lease', async () => {
      const { effects, lines, verdict } = await compete({ killRate: 0.008, leased: true })
      judge(effects, lines)
      expectGood(verdict)
      expect(verdict.overlapping).to.deep.equal([])
      expect(competition?.faults.length, 'kills').to.be.greaterThan(0)
    })

    it('do so too while they stand still for longer than their claims last', async () => {
      const { effects, lines, verdict } = await compete({ killRate: 0.002, stopRate: 0.008 })
      judge(effects, lines)
      // A run whose claim has passed on counts for nothing, and its event may be run again: effects are what is judged.
      expect({ lost: verdict.lost, reordered: verdict.reordered }).to.deep.equal({ lost: [], reordered: [] })
      expect(competition?.faults.filter(({ signal }) => signal === 'SIGSTOP').length, 'stops').to.be.greaterThan(0)
    })
  })
})

/** What a competition left behind. */
interface Outcome {
  readonly effects: StoredEffect[]
  readonly lines: Line[]
  /** What the checker of the chaos runs says of it. */
  readonly verdict: Verdict
}

/** As the checker sees it: the log is the first store, the table of effects is the second one, and nothing comes of those. */
function outcomeOf(effects: StoredEffect[], witnessed: readonly (Line | Death)[]): Outcome {
  const origin = ({ key, n }: Note): string => `${key}-${n}`
  const published = notes.map((note) => ({ key: note.key, origin: origin(note), at: note.n }))
  const stored = effects.map((effect) => ({ key: effect.key, origin: origin(effect), at: Number(effect.seq) }))
  const verdict = check({
    run: { streamer: 'local', seed: 0, failpoints: [], neverReached: [] },
    journal: published.map((note) => ({ what: 'intent', key: note.key, origins: [note.origin] })),
    witness: witnessed.map((line) =>
      line.what === 'died'
        ? { ...line, stage: 'second', killed: true }
        : { what: line.what, stage: 'second', pid: line.pid, key: line.key, origin: origin(line) }
    ),
    stores: { first: published, second: stored, third: stored },
  })
  return { effects, lines: witnessed.filter((line): line is Line => line.what !== 'died'), verdict }
}

function expectGood({ lost, doubled, reordered }: Verdict): void {
  expect({ lost, doubled, reordered }).to.deep.equal({ lost: [], doubled: [], reordered: [] })
}

/** Everything once; each key in order; no two runs that counted at once on a key. */
function judge(effects: readonly StoredEffect[], lines: readonly Line[]): void {
  expect(effects.map(({ key, n }) => `${key}-${n}`).sort()).to.deep.equal(
    notes.map(({ key, n }) => `${key}-${n}`).sort()
  )
  for (let key = 0; key < KEYS; key += 1) {
    const own = effects.filter((effect) => effect.key === `k${key}`)
    expect(
      own.map(({ n }) => n),
      `order of k${key}`
    ).to.deep.equal(own.map((_, index) => index))
    let last = -1
    for (const { run, n } of own) {
      const at = (what: Line['what']): number => lines.findIndex((line) => line.run === run && line.what === what)
      expect(at('start'), `k${key}-${n} begins after the end of the one before it`).to.be.greaterThan(last)
      expect(at('end'), `k${key}-${n} ends after its beginning`).to.be.greaterThan(at('start'))
      last = at('end')
    }
  }
}
