import type { BenchOptions } from '../options'
import { Broker } from '../broker'
import { reportOn } from '../report/machine'
import type { Report, Table } from '../report/report'
import { pollAlone, publishAlone } from './alone'
import { FULL, QUICK } from './extent'
import type { Place } from './place'
import type { Suite } from './suite'
import { failing, wholeWay } from './whole-way'

/** Everything that is measured on one broker. */
export async function onBroker(suite: Suite, options: BenchOptions, say: Place['say']): Promise<Report> {
  const extent = { ...(options.quick ? QUICK : FULL), ...(options.rounds && { rounds: options.rounds }) }
  const broker = await Broker.start(suite.server, !options.quick)
  try {
    const { name, title, packages, settings } = suite
    const renewal = broker.isRestarted
      ? 'The broker began anew before every run of a system on the whole way.'
      : 'One broker for all runs.'
    return {
      ...reportOn(packages, { [title]: (await suite.versionOf?.(broker.address)) ?? broker.version }),
      suite: name,
      title,
      quick: options.quick,
      rounds: extent.rounds,
      settings: [renewal, ...settings],
      tables: await tables({ suite, broker, extent, say }, options),
    }
  } finally {
    await broker.stop()
  }
}

async function tables(place: Place, { measures }: BenchOptions): Promise<Table[]> {
  const measured: Table[] = []
  if (measures.includes('publish')) measured.push(...(await publishAlone(place)))
  if (measures.includes('poll')) measured.push(await pollAlone(place))
  const whole = measures.includes('way') ? await wholeWay(place) : []
  measured.push(...whole)
  if (measures.includes('failing')) measured.push(await failing(place, whole[0]))
  return measured
}
