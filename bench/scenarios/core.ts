import { summarise } from '../measure/statistics'
import type { BenchOptions } from '../options'
import { withPostgres } from '../postgres'
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

/** How much of it is measured, and who is told. */
interface Measuring {
  readonly rounds: number
  /** Events of one round. */
  readonly count: number
  readonly say: Place['say']
}

const COLUMNS: readonly Column[] = [
  { key: 'perSecond', title: 'events/s', better: 'more' },
  { key: 'micros', title: 'µs an event', better: 'less', digits: 1 },
  { key: 'kilobytes', title: 'KB taken an event', better: 'less', digits: 1 },
]
/** So much room for what is new that nothing is freed while it is measured. MB. */
const ROOM = 1024

/** The cost of the core by itself, with a connector that does nothing. */
export async function onCore({ quick, ...options }: BenchOptions, say: Place['say']): Promise<Report> {
  const measuring = { rounds: options.rounds ?? (quick ? 3 : 5), count: quick ? 5_000 : 20_000, say }
  const head = reportOn([])
  const { received, absent } = await withPostgres(async (postgres) =>
    typeof postgres === 'string'
      ? { received: await receiving(measuring), absent: [`PostgreSQL is left out. ${postgres}`] }
      : { received: await receiving(measuring, postgres.url), absent: [] }
  )
  return {
    ...head,
    suite: 'core',
    title: 'The core alone',
    quick,
    rounds: measuring.rounds,
    settings: [
      `${measuring.count} events in each round, over a connector that does nothing; handlers do nothing.`,
      'SQLite with synchronous=FULL, PostgreSQL with its defaults, both on the disk of this machine.',
      ...absent,
    ],
    tables: [received, await relaying(measuring)],
  }
}

function receiving(measuring: Measuring, postgres?: string): Promise<Table> {
  const inboxes: (readonly [string, string | undefined])[] = [
    ['no inbox', undefined],
    ['inbox on SQLite', 'sqlite'],
    ...(postgres === undefined ? [] : [['inbox on PostgreSQL', postgres] as const]),
  ]
  const paths = inboxes.flatMap(([title, inbox]): Path[] => [
    {
      title: `${title}, one by one`,
      measure: (process) => process.call('receive', measuring.count, { inbox, batches: false }),
    },
    {
      title: `${title}, handleBatch`,
      measure: (process) => process.call('receive', measuring.count, { inbox, batches: true }),
    },
  ])
  return table({ id: 'receive', title: 'Connector → receiver → handler', about: 'Polls of 500.' }, paths, measuring)
}

function relaying(measuring: Measuring): Promise<Table> {
  const about = 'Pending marks on SQLite, an event store that is memory, 20 stores at a time.'
  const path = (title: string, together: number): Path => ({
    title,
    measure: (process) => process.call('relay', measuring.count, together),
  })
  const paths = [path('one event a store', 1), path('100 events a store', 100)]
  return table({ id: 'relay', title: 'Event store → relay → connector', about }, paths, measuring)
}

async function table(
  about: Pick<Table, 'id' | 'title' | 'about'>,
  paths: readonly Path[],
  { rounds, say }: Measuring
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
