import type { Target } from '../measure/contender'
import { ratios, summarise } from '../measure/statistics'
import type { Column, Row, Table } from '../report/report'
import type { Stretch } from '../measure/stretch'
import type { ProducerMethods } from '../workers/producer'
import type { ReaderMethods } from '../workers/reader'
import { Remote } from '../workers/remote'
import { inFolder, inTurn, newTarget } from './place'
import type { Place } from './place'
import type { Entrant } from './suite'

/** Events before and behind those whose polling is measured; more than a client fetches at once. */
const AROUND = 15_000

/** Publishing alone: one table for each size of batch. */
export async function publishAlone(place: Place): Promise<Table[]> {
  const tables: Table[] = []
  for (const batch of place.extent.batches) tables.push(await publishInBatches(place, batch))
  return tables
}

/** Polling alone: all read the same topic, or, where events are gone when they are read, each one of its own. */
export async function pollAlone(place: Place): Promise<Table> {
  const { suite, extent, say } = place
  const { title } = suite.clients[0]
  let filled = await fill(place)
  const readers = suite.clients.map((entrant) => ({
    entrant,
    process: Remote.start<ReaderMethods>('reader'),
    stretches: [] as Stretch[],
  }))
  try {
    for (const { entrant, process } of readers) await process.call('open', entrant.system)
    for (let round = -1; round < extent.rounds; round += 1) {
      for (const { entrant, process, stretches } of inTurn(readers, round + 1)) {
        const target = suite.isQueue ? filled : { ...filled, group: `${filled.group}-${entrant.ours}-${round}` }
        const stretch = await process.call('drain', target, { before: AROUND, count: extent.alone })
        if (suite.isQueue) filled = await fill(place)
        say(`poll, ${round < 0 ? 'warm-up' : `round ${round + 1}`}, ${entrant.title}: ${told(stretch)}`)
        if (round >= 0) stretches.push(stretch)
      }
    }
  } finally {
    await Promise.all(readers.map(({ process }) => process.end()))
  }
  return {
    id: 'poll',
    title: 'Polling alone',
    about: `Each reads ${suite.isQueue ? 'as many events from a queue that has them' : 'the same events with a new group'} in each round, and decodes headers and body; nothing is handled. ${extent.alone} events are measured, in the midst of others.`,
    columns: columns(title),
    rows: rows(readers),
  }
}

/** A topic with events to read. */
async function fill(place: Place): Promise<Target> {
  const { suite, extent } = place
  const target = { ...(await newTarget(place)), folder: '' }
  await withProducers([suite.clients[0]], async ([{ entrant, process }]) => {
    await process.call('open', entrant.system, target)
    await process.call('floodMade', { from: 0, count: extent.alone + 2 * AROUND, batch: 1_000 })
    await process.call('close')
  })
  return target
}

async function publishInBatches(place: Place, batch: number): Promise<Table> {
  const { suite, extent, say } = place
  const measured = await withProducers(suite.clients, (producers) =>
    inFolder(async (folder) => {
      const targets: Target[] = []
      for (const { entrant, process } of producers) {
        const target = { ...(await newTarget(place)), folder }
        targets.push(target)
        await process.call('open', entrant.system, target)
      }
      for (let round = -1; round < extent.rounds; round += 1) {
        for (const { entrant, process, stretches } of inTurn(producers, round + 1)) {
          const stretch = await process.call('floodMade', { from: 0, count: extent.alone, batch })
          say(
            `publish by ${batch}, ${round < 0 ? 'warm-up' : `round ${round + 1}`}, ${entrant.title}: ${told(stretch)}`
          )
          if (round >= 0) stretches.push(stretch)
        }
      }
      for (const { process } of producers) await process.call('close')
      await assertSameBytes(place, targets)
      return producers
    })
  )
  return {
    id: `publish-${batch}`,
    title: `Publishing alone, batches of ${batch}`,
    about: `${extent.alone} events in each round, one batch after the other has been confirmed.`,
    columns: columns(suite.clients[0].title),
    rows: rows(measured),
  }
}

/** Who writes less has the better figures, and they say nothing. */
async function assertSameBytes({ suite, broker }: Place, targets: readonly Target[]): Promise<void> {
  const shapes = await Promise.all(targets.map(({ topic, group }) => suite.shapeOf(broker.address, topic, group)))
  const other = shapes.find((shape) => shape !== shapes[0])
  if (other !== undefined) throw new Error(`They do not write the same:\n${shapes[0]}\n\n${other}`)
}

interface Measured {
  readonly entrant: Entrant
  readonly stretches: Stretch[]
}

async function withProducers<T>(
  entrants: readonly Entrant[],
  work: (producers: (Measured & { readonly process: Remote<ProducerMethods> })[]) => Promise<T>
): Promise<T> {
  const producers = entrants.map((entrant) => ({
    entrant,
    process: Remote.start<ProducerMethods>('producer'),
    stretches: [] as Stretch[],
  }))
  try {
    return await work(producers)
  } finally {
    await Promise.all(producers.map(({ process }) => process.end()))
  }
}

function columns(baseline: string): Column[] {
  return [
    { key: 'perSecond', title: 'events/s', better: 'more' },
    { key: 'ratio', title: `part of ${baseline}`, better: 'more', digits: 2 },
    { key: 'cpu', title: 'CPU µs an event', better: 'less', digits: 1 },
  ]
}

function rows(measured: readonly Measured[]): Row[] {
  const [baseline] = measured
  const rates = ({ stretches }: Measured): number[] => stretches.map(({ perSecond }) => perSecond)
  return measured.map((each) => ({
    system: each.entrant.title,
    ours: each.entrant.ours,
    isClient: each.entrant.isClient,
    figures: {
      perSecond: summarise(rates(each)),
      ratio: summarise(ratios(rates(each), rates(baseline))),
      cpu: summarise(each.stretches.map(({ cpu }) => cpu)),
    },
  }))
}

function told({ perSecond, cpu }: Stretch): string {
  return `${Math.round(perSecond)}/s, ${cpu.toFixed(1)} µs an event`
}
