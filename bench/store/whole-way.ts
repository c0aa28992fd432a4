import { ratios, summarise } from '../measure/statistics'
import type { Column, Row, Table } from '../report/report'
import { inTurn } from '../scenarios/place'
import { withApp } from './booster-app'
import { STOCK } from './contenders'
import type { StoreContender } from './contenders'
import type { StorePlace } from './place'
import type { Passed } from './service'

/** A provider with so many callers. */
interface Entry {
  readonly contender: StoreContender
  readonly callers: number
}

/** From a command to its read model, each on an entity of its own, with every provider in turn. */
export async function wholeWay({ extent, all, ours, say }: StorePlace): Promise<Table> {
  const { rounds, localRounds, entities, callers, manyCallers } = extent
  const entries = [
    ...all.map((contender): Entry => ({ contender, callers })),
    ...ours.map((contender): Entry => ({ contender, callers: manyCallers })),
  ]
  const results = new Map(entries.map((entry): [Entry, Passed[]] => [entry, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const entry of inTurn(entries, round)) {
      if (entry.contender === STOCK && round >= localRounds) continue
      const passed = await withApp(entry.contender, ({ service }) =>
        service.call('pass', entities, entry.callers, entities)
      )
      results.get(entry)?.push(passed)
      say(`store, round ${round + 1}: ${nameOf(entry)}: ${Math.round(passed.through)} events/s`)
    }
  }
  const baseline = [...results].find(([{ contender }]) => contender === STOCK)?.[1] ?? []
  return {
    id: 'whole-way',
    title: 'From command to read model',
    about: `${entities} commands, each on an entity of its own, from the first command to the last read model. ${STOCK.title} takes part in ${Math.min(rounds, localRounds)} of the rounds.`,
    columns: COLUMNS,
    rows: [...results].map(([entry, passed]) => row(entry, passed, baseline)),
  }
}

const COLUMNS: readonly Column[] = [
  { key: 'through', title: 'events/s', better: 'more' },
  { key: 'ratio', title: 'times the local provider', better: 'more', digits: 1 },
  { key: 'answered', title: 'commands answered/s', better: 'more' },
  { key: 'cpu', title: 'service, CPU µs an event', better: 'less' },
]

function row(entry: Entry, passed: readonly Passed[], baseline: readonly Passed[]): Row {
  const through = passed.map((one) => one.through)
  const wrong = passed.reduce((sum, one) => sum + one.wrong, 0)
  return {
    system: nameOf(entry),
    ours: entry.contender.ours,
    figures: {
      through: summarise(through),
      ratio: summarise(
        ratios(
          through,
          baseline.map((one) => one.through)
        )
      ),
      answered: summarise(passed.map((one) => one.answered)),
      cpu: summarise(passed.map((one) => one.cpu)),
    },
    void: wrong === 0 ? undefined : `${wrong} read models do not say what their events say`,
  }
}

function nameOf({ contender, callers }: Entry): string {
  return `${contender.title}, ${callers} callers`
}
