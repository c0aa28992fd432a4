import { summarise } from '../measure/statistics'
import type { BenchOptions } from '../options'
import { reportOn } from '../report/machine'
import type { Column, Report, Table } from '../report/report'
import type { Cost, PathMethods } from '../workers/path'
import { Remote } from '../workers/remote'
import { inTurn } from './place'
import type { Place } from './place'

interface Path {
  readonly title: string
  readonly measure: (process: Remote<PathMethods>) => Promise<Cost>
}

const COLUMNS: readonly Column[] = [
  { key: 'perSecond', title: 'events/s', better: 'more' },
  { key: 'micros', title: 'µs an event', better: 'less', digits: 1 },
  { key: 'kilobytes', title: 'KB taken an event', better: 'less', digits: 1 },
]
/** So much room for what is new that nothing is freed while it is measured. MB. */
const ROOM = 1024

/** The cost of the core by itself, with a connector that does nothing. */
export async function onCore(options: BenchOptions, say: Place['say']): Promise<Report> {
  const rounds = options.rounds ?? (options.quick ? 3 : 5)
  const count = options.quick ? 5_000 : 20_000
  const receive = (title: string, inbox: boolean, batches: boolean): Path => ({
    title,
    measure: (process) => process.call('receive', count, { inbox, batches }),
  })
  const relay = (title: string, together: number): Path => ({
    title,
    measure: (process) => process.call('relay', count, together),
  })
  const measured = { rounds, say }
  return {
    ...reportOn([]),
    suite: 'core',
    title: 'The core alone',
    quick: options.quick,
    rounds,
    settings: [`${count} events in each round, over a connector that does nothing; handlers do nothing.`],
    tables: [
      await table(
        { id: 'receive', title: 'Connector → receiver → handler', about: 'Polls of 500.' },
        [
          receive('no inbox, one by one', false, false),
          receive('no inbox, handleBatch', false, true),
          receive('inbox on SQLite, one by one', true, false),
          receive('inbox on SQLite, handleBatch', true, true),
        ],
        measured
      ),
      await table(
        {
          id: 'relay',
          title: 'Event store → relay → connector',
          about: 'Pending marks on SQLite, an event store that is memory, 20 stores at a time.',
        },
        [relay('one event a store', 1), relay('100 events a store', 100)],
        measured
      ),
    ],
  }
}

async function table(
  about: Pick<Table, 'id' | 'title' | 'about'>,
  paths: readonly Path[],
  { rounds, say }: { rounds: number; say: Place['say'] }
): Promise<Table> {
  const flags = ['--expose-gc', `--min-semi-space-size=${ROOM}`, `--max-semi-space-size=${ROOM}`]
  const measured = paths.map((path) => ({
    path,
    costs: [] as Cost[],
    process: Remote.start<PathMethods>('path', flags),
  }))
  try {
    for (let round = -1; round < rounds; round += 1) {
      for (const { path, costs, process } of inTurn(measured, round + 1)) {
        const cost = await path.measure(process)
        say(
          `${path.title}, ${round < 0 ? 'warm-up' : `round ${round + 1}`}: ${Math.round(cost.perSecond)}/s, ${Math.round(cost.bytes)} bytes an event`
        )
        if (round >= 0) costs.push(cost)
      }
    }
  } finally {
    await Promise.all(measured.map(({ process }) => process.end()))
  }
  const rows = measured.map(({ path, costs }) => ({
    system: path.title,
    ours: true,
    figures: {
      perSecond: summarise(costs.map(({ perSecond }) => perSecond)),
      micros: summarise(costs.map(({ perSecond }) => 1e6 / perSecond)),
      kilobytes: summarise(costs.map(({ bytes }) => bytes / 1024)),
    },
  }))
  return { ...about, columns: COLUMNS, rows }
}
