import { expect } from 'chai'
import { checkLake, isGoodLake, lakeSummary } from '../chaos/lake/check'
import type { LakeHistory, LakeVerdict, Seen } from '../chaos/lake/check'
import { dooms, lakeFailpoints } from '../chaos/lake/failpoints'
import { LAKE_MUTANTS, isLakeMutantCaught } from '../chaos/lake/mutants'
import { runLakeChaos } from '../chaos/lake/run'
import { lakeScheduleOf } from '../chaos/lake/schedule'
import { local } from '../chaos/streamers'

const SHORT = { seed: 1, kills: dooms().length + 2 }
/** The one that needs no luck. */
const QUICK = LAKE_MUTANTS.filter(({ name }) => name === 'compaction-forgets-a-segment')

const seen = (position: number, id = `id-${position}`): Seen => ({ log: 'l', partition: '0', position, id })

function good(): LakeHistory {
  const recorded = [1, 2, 3, 4].map((position) => seen(position))
  return {
    published: recorded.map(({ id }) => ({ id: String(id), key: 'red', answered: true })),
    mayRepeat: false,
    recorded,
    compacted: recorded,
    read: recorded,
    faults: [],
    gaps: 0,
    hit: ['x'],
    demanded: ['x'],
    kills: 1,
    crashes: 0,
    missed: 0,
  }
}

/** A change to a good history, and what must be seen of it. */
const FAULTS: readonly (readonly [title: string, shows: keyof LakeVerdict, change: Partial<LakeHistory>])[] = [
  [
    'an answered event that was not recorded',
    'lost',
    { published: [...good().published, { id: 'id-5', key: 'red', answered: true }] },
  ],
  ['a position that was recorded twice', 'doubled', { recorded: [...good().recorded, seen(4)] }],
  ['an event that was recorded at two positions', 'doubled', { recorded: [...good().recorded, seen(5, 'id-4')] }],
  ['an event that nobody published', 'doubled', { recorded: [...good().recorded, seen(5)] }],
  ['events of a key in the wrong order', 'reordered', { published: [...good().published].reverse() }],
  ['events that a reader saw in the wrong order', 'reordered', { read: [...good().read].reverse() }],
  ['an event that a reader missed', 'misread', { read: good().read.slice(1) }],
  ['an event that a reader saw twice', 'misread', { read: [...good().read, seen(4)] }],
  ['an event that a compaction lost', 'misread', { compacted: good().compacted.slice(1) }],
  ['what verify says', 'faults', { faults: ['segment-missing segments/x: The file is missing.'] }],
  ['a gap that the lake names', 'gaps', { gaps: 1 }],
  ['a process that ended by itself', 'crashed', { crashes: 1 }],
  ['a failpoint at which nothing died', 'inconclusive', { hit: [] }],
  ['a fault that the broker did not have', 'inconclusive', { missed: 1 }],
]

describe('chaos of a lake', function () {
  this.timeout(600_000)

  it('loses and doubles nothing while recorders and a compaction die at every failpoint, and a reader sees each event once', async () => {
    const said: string[] = []
    const history = await runLakeChaos({ streamer: local, s3: false, ...SHORT, say: (line) => said.push(line) })
    const verdict = checkLake(history)
    const lines = [lakeSummary(verdict, history), ...Object.values(verdict).flat(), ...said]
    expect(isGoodLake(verdict), lines.join('\n')).to.equal(true)
  })

  for (const mutant of QUICK) {
    it(`catches that ${mutant.name}`, async () => {
      expect(await isLakeMutantCaught(mutant)).to.equal(true)
    })
  }

  it('kills at every failpoint in the sources, and as the seed says', () => {
    const { kills } = SHORT
    const faults = lakeScheduleOf({ seed: 1, kills, server: [] })
    expect(faults).to.have.length(kills)
    expect(faults).to.deep.equal(lakeScheduleOf({ seed: 1, kills, server: [] }))
    expect(faults).not.to.deep.equal(lakeScheduleOf({ seed: 2, kills, server: [] }))
    const names = faults.flatMap((fault) => ('failpoint' in fault ? [fault.failpoint] : []))
    expect(names).to.include.members(lakeFailpoints())
    expect(lakeFailpoints()).to.include.members(['lake:before-acknowledge', 'lake:replacement-created'])
  })

  it('finds nothing in a good history', () => {
    expect(isGoodLake(checkLake(good()))).to.equal(true)
  })

  for (const [title, shows, change] of FAULTS) {
    it(`sees ${title}`, () => {
      expect(checkLake({ ...good(), ...change })[shows]).not.to.deep.equal([])
    })
  }
})
