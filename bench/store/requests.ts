import { summarise } from '../measure/statistics'
import type { Row, Table } from '../report/report'
import { inTurn } from '../scenarios/place'
import { withApp } from './booster-app'
import type { StoreContender } from './contenders'
import { REQUESTS, perSecond } from './graphql-requests'
import type { StorePlace } from './place'

const KINDS = Object.keys(REQUESTS) as (keyof typeof REQUESTS)[]
const TITLES = { command: 'commands/s', byId: 'by id/s', page: 'pages of 10/s' } as const
const STORED = 1_000

type Rates = Readonly<Record<keyof typeof REQUESTS, number>>

/** GraphQL over HTTP, with every provider in turn. */
export async function requests({ extent, all, say }: StorePlace): Promise<Table> {
  const { rounds, callers, requests: count } = extent
  const results = new Map(all.map((contender): [StoreContender, Rates[]] => [contender, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of inTurn(all, round)) {
      const rates = await ratesOf(contender, { count, callers })
      results.get(contender)?.push(rates)
      say(`store, GraphQL, round ${round + 1}: ${contender.title}: ${JSON.stringify(rates)}`)
    }
  }
  return {
    id: 'graphql',
    title: 'GraphQL over HTTP',
    about: `${count} requests of each kind by ${callers} callers, with ${STORED} read models stored. A page is filtered by two fields and sorted.`,
    columns: KINDS.map((key) => ({ key, title: TITLES[key], better: 'more' })),
    rows: [...results].map(([{ title, ours }, rates]): Row => ({
      system: title,
      ours,
      figures: Object.fromEntries(KINDS.map((key) => [key, summarise(rates.map((one) => one[key]))])),
    })),
  }
}

async function ratesOf(contender: StoreContender, extent: { count: number; callers: number }): Promise<Rates> {
  return withApp(contender, async ({ service, url }) => {
    await service.call('pass', STORED, extent.callers, STORED)
    const rates: Partial<Record<keyof Rates, number>> = {}
    for (const kind of KINDS) rates[kind] = Math.round(await perSecond(url, kind, { ...extent, entities: STORED }))
    return rates as Rates
  })
}
