import type { BenchOptions } from '../options'
import { reportOn } from '../report/machine'
import type { Report } from '../report/report'
import { buildApp } from '../booster/app'
import { withPostgres } from '../postgres'
import { SQLITE, STOCK, onPostgres } from './contenders'
import { FULL, QUICK } from './extent'
import { growth } from './growth'
import { requests } from './requests'
import { wholeWay } from './whole-way'

/** Providers of Booster: the way from a command to a read model, how it grows, and GraphQL over HTTP. */
export async function onStore({ quick, rounds }: BenchOptions, say: (line: string) => void): Promise<Report> {
  const extent = { ...(quick ? QUICK : FULL), ...(rounds === undefined ? {} : { rounds }) }
  const head = reportOn([])
  await buildApp('store')
  const { tables, absent } = await withPostgres(async (postgres) => {
    const isAbsent = typeof postgres === 'string'
    const ours = [SQLITE, ...(isAbsent ? [] : [onPostgres(postgres.url)])]
    const place = { extent, ours, all: [STOCK, ...ours], say }
    return {
      tables: [await wholeWay(place), await growth(place), await requests(place)],
      absent: isAbsent ? [`PostgreSQL is left out. ${postgres}`] : [],
    }
  })
  return {
    suite: 'store',
    title: 'A store for Booster',
    ...head,
    quick,
    rounds: extent.rounds,
    settings: [
      'One app on Booster 2.10.1: a command registers one event of 120 bytes, an entity counts it, a read model shows it.',
      'Each run has an empty store and a process of its own; SQLite with synchronous=FULL, PostgreSQL with its defaults, on this machine.',
      'Commands come from within the process but for the last table, whose requests come over HTTP from another one.',
      ...absent,
    ],
    tables,
  }
}
