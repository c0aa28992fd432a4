import { summarise } from '../measure/statistics'
import type { BenchOptions } from '../options'
import { buildApp } from '../booster/app'
import { reportOn } from '../report/machine'
import type { Report, Row } from '../report/report'
import { SQLITE, STOCK } from './contenders'
import type { Crash, SweepContender } from './contenders'
import { afterCrash, recover } from './crashed'
import type { Recovery } from './crashed'

/** Events that are stored and not published. */
const PENDING = 10

interface Place {
  readonly rounds: number
  readonly sizes: readonly number[]
  readonly say: (line: string) => void
}

/** The start after a crash, with little and with much stored: what is pending is found by its marks, not by looking through the store. */
export async function onSweep({ quick, ...options }: BenchOptions, say: (line: string) => void): Promise<Report> {
  const rounds = options.rounds ?? (quick ? 3 : 5)
  const sizes = quick ? [1e3, 1e5] : [1e3, 1e4, 1e5]
  const head = reportOn([])
  await buildApp('sweep')
  const rows: Row[] = []
  for (const contender of [STOCK, SQLITE]) rows.push(await sweptRow(contender, { rounds, sizes, say }))
  return {
    ...head,
    suite: 'sweep',
    title: 'The start after a crash',
    quick,
    rounds,
    settings: [
      'One app on Booster 2.10.1, whose events of 120 bytes, each of an entity of its own, go to a LocalStreamer.',
      'framework-provider-sql keeps events and streaming state in one SQLite file (synchronous=FULL). framework-provider-local has a file of JSON, which Booster reads whole at the first look, and the streaming state is a SQLite file beside it.',
      'A SQLite file below 64 MiB is read through at each start, to see whether it is sound; a larger one is not.',
      `The service was killed (SIGKILL) when its events were stored and the last ${PENDING} not yet published. Each round starts a copy of what it left, in a new process that has loaded the app.`,
    ],
    tables: [
      {
        id: 'relay',
        title: `Until ${PENDING} pending events are published`,
        about: `Milliseconds from the start of the app until the broker has the ${PENDING} and their marks are gone, with so many events stored. The log has each of them once, which is counted.`,
        columns: sizes.map((size) => ({
          key: String(size),
          title: `ms with ${size.toLocaleString('en')}`,
          better: 'less',
        })),
        drawn: String(sizes[sizes.length - 1]),
        rows,
      },
    ],
  }
}

async function sweptRow(contender: SweepContender, { rounds, sizes, say }: Place): Promise<Row> {
  const figures: Record<string, Row['figures'][string]> = {}
  let wrong = 0
  for (const stored of sizes) {
    say(`sweep, ${contender.title}: ${stored} events are stored`)
    const recoveries = await recoveriesOf(contender, { stored, pending: PENDING }, { rounds, sizes, say })
    wrong += recoveries.reduce((sum, recovery) => sum + recovery.wrong, 0)
    figures[String(stored)] = summarise(recoveries.map(({ publishedMs }) => publishedMs))
  }
  return {
    system: contender.title,
    ours: contender.ours,
    figures,
    void: wrong === 0 ? undefined : `${wrong} events were not published once`,
  }
}

function recoveriesOf(contender: SweepContender, crash: Crash, { rounds, say }: Place): Promise<Recovery[]> {
  return afterCrash(contender, crash, async (crashed) => {
    const recoveries: Recovery[] = []
    for (let round = -1; round < rounds; round += 1) {
      const recovery = await recover(contender, crash, crashed)
      const name = round < 0 ? 'warm-up' : `round ${round + 1}`
      say(`sweep, ${contender.title}, ${name}: published after ${Math.round(recovery.publishedMs)} ms`)
      if (round >= 0) recoveries.push(recovery)
    }
    return recoveries
  })
}
