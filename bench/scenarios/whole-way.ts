import { ratios, summarise } from '../measure/statistics'
import type { Summary } from '../measure/statistics'
import type { Column, Row, Table } from '../report/report'
import { inTurn } from './place'
import type { Place } from './place'
import { runOnce } from './run'
import type { Run } from './run'
import type { Entrant } from './suite'

const COUNTED =
  'What was lost, doubled or reordered is counted in every run: where nothing is said of it, there was none.'

/** The whole way of an event, for every system in turn; the broker begins anew before each run. */
export async function wholeWay(place: Place): Promise<Table[]> {
  const { extent } = place
  const results = await rounds(place, false)
  const rate: Column = { key: 'perSecond', title: 'events/s', better: 'more' }
  const latency = (key: string): Column => ({ key, title: `${key}, ms`, better: 'less', digits: 1 })
  return [
    {
      id: 'whole-way',
      title: 'From publish to handler',
      about: `Two processes. Up to ${extent.flood} events in batches of ${extent.batch}, for at most ${extent.floodMs / 1000} s; from the first publish to the last event handled, acknowledged after its handler. ${COUNTED}`,
      columns: [
        rate,
        ratioColumn(place),
        { key: 'cpu', title: 'consumer, CPU µs an event', better: 'less', digits: 1 },
        { key: 'peakMemory', title: 'consumer, MB', better: 'less' },
      ],
      rows: rows(results),
    },
    {
      id: 'latency',
      title: `From publish to handler at ${extent.perSecond} events/s`,
      about: `${extent.paced} events in each round, published one by one.`,
      columns: [latency('p50'), latency('p99')],
      rows: rows(results),
    },
  ]
}

/** The same where one handling in a hundred throws once, beside what was measured without. */
export async function failing(place: Place, withoutFailures?: Table): Promise<Table> {
  const { extent } = place
  const measured = rows(await rounds(place, true))
  return {
    id: 'failing',
    title: `One handling in ${extent.failEvery} throws once`,
    about: `As above, with ${extent.failingFlood} events; a run is over after ${extent.failingLimitMs / 1000} s. ${COUNTED}`,
    columns: [
      { key: 'perSecond', title: 'events/s', better: 'more' },
      { key: 'ratio', title: 'part of what it does without failures', better: 'more', digits: 2 },
    ],
    rows: measured.map((row) => ({
      ...row,
      figures: {
        ...row.figures,
        ratio: partOf(
          row,
          withoutFailures?.rows.find(({ system }) => system === row.system)
        ),
      },
    })),
  }
}

/** Round by round. Undefined where there is nothing to compare with. */
function partOf(row: Row, whole: Row | undefined): Summary | undefined {
  const [runs = [], baseline = []] = [row, whole].map((each) => each?.figures.perSecond?.runs)
  return summarise(ratios(runs, baseline))
}

interface Measured {
  readonly entrant: Entrant
  readonly runs: Run[]
}

async function rounds(place: Place, failing: boolean): Promise<Measured[]> {
  const { suite, broker, extent, say } = place
  const entrants = failing ? suite.retrying : suite.systems
  const measured = entrants.map((entrant): Measured => ({ entrant, runs: [] }))
  for (let round = 0; round < extent.rounds; round += 1) {
    for (const { entrant, runs } of inTurn(measured, round)) {
      await broker.beginAnew()
      const run = await runOnce(place, entrant, failing)
      runs.push(run)
      say(`${failing ? 'failing' : 'whole way'}, round ${round + 1}, ${entrant.title}: ${told(run)}`)
    }
  }
  return measured
}

function told({ perSecond, p50, p99, void: reason, unfinished }: Run): string {
  const faults = [reason && `void: ${reason}`, unfinished && `handled ${unfinished.handled} of ${unfinished.published}`]
  const latency = Number.isNaN(p50) ? [] : [`p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`]
  return [`${Math.round(perSecond)}/s`, ...latency, ...faults.filter(Boolean)].join(', ')
}

function ratioColumn({ suite }: Place): Column {
  return { key: 'ratio', title: `part of ${suite.systems[0].title}`, better: 'more', digits: 2 }
}

function rows(measured: readonly Measured[]): Row[] {
  const [baseline] = measured
  const figuresOf = (runs: readonly Run[], key: 'perSecond' | 'p50' | 'p99' | 'peakMemory' | 'cpu'): number[] =>
    runs.map((run) => run[key])
  return measured.map(({ entrant: { title, ours, isClient }, runs }) => ({
    system: title,
    ours,
    isClient,
    figures: {
      perSecond: summarise(figuresOf(runs, 'perSecond')),
      ratio: summarise(ratios(figuresOf(runs, 'perSecond'), figuresOf(baseline.runs, 'perSecond'))),
      p50: summarise(figuresOf(runs, 'p50')),
      p99: summarise(figuresOf(runs, 'p99')),
      peakMemory: summarise(figuresOf(runs, 'peakMemory')),
      cpu: summarise(figuresOf(runs, 'cpu')),
    },
    void: [...new Set(runs.flatMap((run) => run.void ?? []))].join('; ') || undefined,
    remark: remarkOn(runs),
  }))
}

function remarkOn(runs: readonly Run[]): string | undefined {
  const unfinished = runs.flatMap((run) => run.unfinished ?? [])
  if (unfinished.length === 0) return undefined
  const [{ handled, published }] = unfinished
  return `not through in ${unfinished.length} of ${runs.length} runs, as with ${handled} of ${published} events handled when the time was over`
}
