import { buildApp } from '../booster/app'
import { summarise } from '../measure/statistics'
import type { BenchOptions } from '../options'
import { withPostgres } from '../postgres'
import { reportOn } from '../report/machine'
import type { Report, Row } from '../report/report'
import { SQLITE, STOCK, onPostgres } from '../store/contenders'
import type { StoreContender } from '../store/contenders'
import { drainOf } from './drained'
import type { Backlog, Outcome } from './drained'

/** The local provider looks through all that it has for the events of one entity: of more it would be at it for an hour. */
const OF_STOCK = 2_000

interface Place {
  readonly rounds: number
  readonly say: (line: string) => void
}

/** What waited for a broker, published once it is back: how fast, in how much memory, and what commands notice of it. */
export async function onDrain({ quick, ...options }: BenchOptions, say: (line: string) => void): Promise<Report> {
  const rounds = options.rounds ?? (quick ? 1 : 3)
  const events = quick ? 10_000 : 40_000
  const head = reportOn([])
  await buildApp('drain')
  const place = { rounds, say }
  const each = { events, entities: events }
  const rows = await withPostgres(async (postgres) => {
    const measured = [
      await drainRow(STOCK, { events: OF_STOCK, entities: OF_STOCK }, place),
      await drainRow(SQLITE, each, place),
      await drainRow(SQLITE, { events, entities: 1 }, place),
    ]
    if (typeof postgres === 'string') say(`drain: PostgreSQL is left out. ${postgres}`)
    else measured.push(await drainRow(onPostgres(postgres.url), each, place))
    return measured
  })
  return {
    ...head,
    suite: 'drain',
    title: 'A backlog that waits for its broker',
    quick,
    rounds,
    settings: [
      'One app on Booster 2.10.1, whose events of 120 bytes go to a LocalStreamer in the same process. What waits was stored by a process that was killed, and is published by another one, from its event store.',
      'Meanwhile one command after another is called, 10 ms apart: at rest for twelve seconds before anything is published, and then until the backlog is.',
      'framework-provider-local finds the events of an entity by looking through all it has, so that its backlog is a smaller one.',
    ],
    tables: [
      {
        id: 'backlog',
        title: 'Until the backlog is published',
        about:
          'Published events in a second, the most memory the process had, and the median time of a command at rest, meanwhile, and as a ratio of the same run. The log has each event once and in the order of its entity, which is counted.',
        columns: [
          { key: 'perSecond', title: 'events/s', better: 'more' },
          { key: 'peakMb', title: 'peak MB', better: 'less' },
          { key: 'atRest', title: 'command at rest, ms', better: 'less', digits: 1 },
          { key: 'meanwhile', title: 'meanwhile, ms', better: 'less', digits: 1 },
          { key: 'ratio', title: 'times as slow', better: 'less', digits: 2 },
        ],
        rows,
      },
    ],
  }
}

async function drainRow(contender: StoreContender, backlog: Backlog, { rounds, say }: Place): Promise<Row> {
  const shape = `${backlog.events.toLocaleString('en')} events, ${backlog.entities === 1 ? 'one entity' : 'as many entities'}`
  const system = `${contender.title}: ${shape}`
  const outcomes: Outcome[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const outcome = await drainOf(contender, backlog)
    const { perSecond, peakMb, atRest, meanwhile } = outcome
    say(
      `drain, ${system}, round ${round}: ${Math.round(perSecond)} events/s, ${Math.round(peakMb)} MB, ` +
        `commands p50 ${atRest.p50.toFixed(1)} → ${meanwhile.p50.toFixed(1)} ms, p99 ${atRest.p99.toFixed(1)} → ${meanwhile.p99.toFixed(1)} ms`
    )
    outcomes.push(outcome)
  }
  const wrong = outcomes.reduce((sum, outcome) => sum + outcome.wrong, 0)
  return {
    system,
    ours: contender.ours,
    figures: {
      perSecond: summarise(outcomes.map(({ perSecond }) => perSecond)),
      peakMb: summarise(outcomes.map(({ peakMb }) => peakMb)),
      atRest: summarise(outcomes.map(({ atRest }) => atRest.p50)),
      meanwhile: summarise(outcomes.map(({ meanwhile }) => meanwhile.p50)),
      ratio: summarise(outcomes.map(({ meanwhile, atRest }) => meanwhile.p50 / atRest.p50)),
    },
    void: wrong === 0 ? undefined : `${wrong} events were not published once, or not in order`,
  }
}
