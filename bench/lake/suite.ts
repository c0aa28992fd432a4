import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { summarise } from '../measure/statistics'
import type { BenchOptions } from '../options'
import { reportOn } from '../report/machine'
import type { Report, Row, Table } from '../report/report'
import { inFolder } from '../scenarios/place'
import { ABOUT_EVENTS, lakeRound } from './round'
import type { LakeRound } from './round'

/** On the disk that the repository is on: where temporary files are, there may be none. */
const RUNS = join(__dirname, '..', '..', '.cache', 'bench', 'lake')
const STAGES = {
  polling: 'polling the log, nothing kept',
  recording: 'recording',
  reading: 'reading all',
  replaying: 'replaying into another log',
} as const

/** The event lake on the embedded log: how fast it records and gives back, and what an event takes. */
export async function onLake({ quick, ...options }: BenchOptions, say: (line: string) => void): Promise<Report> {
  const rounds = options.rounds ?? (quick ? 1 : 3)
  const count = quick ? 50_000 : 1_000_000
  const head = reportOn([])
  await mkdir(RUNS, { recursive: true })
  const measured: LakeRound[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const one = await inFolder((folder) => lakeRound(folder, count), RUNS)
    const speeds = Object.entries(one.speeds).map(([stage, { perCpuSecond }]) => `${stage} ${Math.round(perCpuSecond)}`)
    say(`lake, round ${round}: ${speeds.join(', ')} events for each second of processor time`)
    measured.push(one)
  }
  return {
    ...head,
    suite: 'lake',
    title: 'Event lake',
    quick,
    rounds,
    settings: [
      `${count.toLocaleString('en')} events in each round. ${ABOUT_EVENTS}`,
      'Publishing, recording, reading and replaying are in one process, one after the other. The lake is a folder with its default settings, and every segment is on disk before it counts.',
      'The processor time is that of the whole process with its threads. Other work on the machine changes it less than the time by the clock.',
    ],
    tables: [speed(measured), kept(measured), lookups(measured)],
  }
}

function speed(measured: readonly LakeRound[]): Table {
  const stages = Object.keys(STAGES) as (keyof typeof STAGES)[]
  return {
    id: 'speed',
    title: 'Recording and giving back',
    about: 'Events a second by the clock, and for each second of processor time.',
    columns: [
      { key: 'perCpuSecond', title: 'events/s of processor time', better: 'more' },
      { key: 'perSecond', title: 'events/s', better: 'more' },
    ],
    rows: stages.map((stage) =>
      rowOf(STAGES[stage], measured, {
        perCpuSecond: ({ speeds }) => speeds[stage].perCpuSecond,
        perSecond: ({ speeds }) => speeds[stage].perSecond,
      })
    ),
  }
}

function kept(measured: readonly LakeRound[]): Table {
  return {
    id: 'kept',
    title: 'What an event takes on disk',
    about: 'Bytes for each event: of the segments, of the index beside them, and together.',
    columns: [
      { key: 'together', title: 'together', better: 'less', digits: 1 },
      { key: 'segments', title: 'segments', better: 'less', digits: 1 },
      { key: 'index', title: 'index', better: 'less', digits: 1 },
    ],
    rows: [
      rowOf('Lake', measured, {
        together: ({ segmentBytes, indexBytes }) => segmentBytes + indexBytes,
        segments: ({ segmentBytes }) => segmentBytes,
        index: ({ indexBytes }) => indexBytes,
      }),
    ],
  }
}

function lookups(measured: readonly LakeRound[]): Table {
  return {
    id: 'lookups',
    title: 'Finding events',
    about:
      'One event by its id and the history of one key, in milliseconds of processor time; the number of events by type and day by SQL (DuckDB), in milliseconds by the clock.',
    columns: [
      { key: 'oneId', title: 'one id, ms', better: 'less', digits: 1 },
      { key: 'oneKey', title: 'one key, ms', better: 'less', digits: 1 },
      { key: 'byTypeAndDay', title: 'by type and day, ms', better: 'less' },
    ],
    rows: [
      rowOf('Lake', measured, {
        oneId: ({ oneId }) => oneId,
        oneKey: ({ oneKey }) => oneKey,
        byTypeAndDay: ({ byTypeAndDay }) => byTypeAndDay,
      }),
    ],
  }
}

function rowOf(
  system: string,
  measured: readonly LakeRound[],
  figures: Readonly<Record<string, (round: LakeRound) => number>>
): Row {
  const wrong = measured.reduce((sum, round) => sum + round.wrong, 0)
  return {
    system,
    ours: true,
    figures: Object.fromEntries(Object.entries(figures).map(([key, of]) => [key, summarise(measured.map(of))])),
    void: wrong === 0 ? undefined : `${wrong} events were not found as they were published`,
  }
}
