import type { ConsumerMethods, Seen } from '../workers/consumer'
import type { ProducerMethods } from '../workers/producer'
import { Remote } from '../workers/remote'
import { voidReason } from '../measure/tally'
import { inFolder, newTarget } from './place'
import type { Place } from './place'
import type { Entrant } from './suite'

/** What one run of one system on the whole way came to. */
export interface Run {
  /** From the first publish to the last event handled. */
  readonly perSecond: number
  /** Milliseconds from publish to handler at a steady rate. */
  readonly p50: number
  readonly p99: number
  /** MB of the consumer, at their highest. */
  readonly peakMemory: number
  /** Microseconds of processor time that the consumer needs for an event. */
  readonly cpu: number
  readonly void?: string
  /** How many were handled, where the time was over before all were. */
  readonly unfinished?: { readonly handled: number; readonly published: number }
}

/** Two processes, from nothing: warm-up, then a steady rate, then as fast as it goes. With `failing`, one handling in so many throws once. */
export async function runOnce(place: Place, { system }: Entrant, failing: boolean): Promise<Run> {
  const { warmUp, paced } = place.extent
  const failEvery = failing ? place.extent.failEvery : 0
  const timed = { from: warmUp, to: failing ? warmUp : warmUp + paced }
  const consumer = Remote.start<ConsumerMethods>('consumer')
  const producer = Remote.start<ProducerMethods>('producer')
  try {
    return await inFolder(async (folder) => {
      const target = { ...(await newTarget(place)), folder }
      await consumer.call('open', system, target, { failing: { every: failEvery, from: timed.to }, timed })
      await producer.call('open', system, target)
      const run = await measure(place, { consumer, producer }, { timed, failing })
      await producer.call('close')
      await consumer.call('close')
      return run
    })
  } finally {
    await Promise.all([producer.end(), consumer.end()])
  }
}

interface Processes {
  readonly consumer: Remote<ConsumerMethods>
  readonly producer: Remote<ProducerMethods>
}

async function measure(
  { extent }: Place,
  { consumer, producer }: Processes,
  { timed, failing }: { timed: { from: number; to: number }; failing: boolean }
): Promise<Run> {
  const { batch, floodMs, limitMs, failingLimitMs, perSecond: pace } = extent
  await producer.call('flood', { from: 0, count: timed.from, batch, limitMs })
  await consumer.call('until', timed.from, limitMs)
  await producer.call('pace', timed.from, timed.to - timed.from, pace)
  await consumer.call('until', timed.to, limitMs)
  const before = await consumer.call('seen', timed.to)
  const most = failing
    ? { count: extent.failingFlood, limitMs: failingLimitMs }
    : { count: extent.flood, limitMs: floodMs }
  const flood = await producer.call('flood', { from: timed.to, batch, ...most })
  const published = timed.to + flood.count
  await consumer.call('until', published, failing ? failingLimitMs : limitMs)
  return result(before, await consumer.call('seen', published), flood.begun)
}

function result(before: Seen, after: Seen, begun: number): Run {
  const { waiting, lastAt, p50, p99, peakMemory } = after
  const handled = after.handled - before.handled
  return {
    perSecond: (handled * 1e6) / (lastAt - begun),
    p50,
    p99,
    peakMemory,
    cpu: (after.cpu - before.cpu) / handled,
    void: voidReason(after),
    unfinished: waiting > 0 ? { handled, published: handled + waiting } : undefined,
  }
}
