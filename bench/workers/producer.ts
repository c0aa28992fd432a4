import { setTimeout as pause } from 'node:timers/promises'
import type { Producer, Target } from '../measure/contender'
import { stretch } from '../measure/stretch'
import type { Stretch } from '../measure/stretch'
import { eventNumber, nowMicros } from '../measure/workload'
import type { Measured } from '../measure/workload'
import { contenderNamed } from '../systems'
import { answer } from './worker'

/** Which events, and how they are published. */
export interface Flood {
  readonly from: number
  readonly count: number
  /** Events of one `publish`. */
  readonly batch: number
}

/** No more than that, and no longer. */
export interface BoundedFlood extends Flood {
  readonly limitMs: number
}

/** Times by the clock of the machine, in microseconds. */
export interface Span {
  readonly begun: number
  readonly ended: number
}

let producer: Producer

const methods = {
  open: async (system: string, target: Target): Promise<void> => {
    producer = await (await contenderNamed(system)).produce(target)
  },

  /** Publishes one batch after the other, as fast as they are taken. Resolves with how many it came to. */
  flood: async ({ from, count, batch, limitMs }: BoundedFlood): Promise<Span & { count: number }> => {
    const begun = nowMicros()
    let sent = 0
    while (sent < count && nowMicros() - begun < limitMs * 1000) {
      const events = some(from + sent, Math.min(batch, count - sent))
      await producer.publish(events)
      sent += events.length
    }
    return { begun, ended: nowMicros(), count: sent }
  },

  /** The same with events that were made before, so that publishing alone is measured. */
  floodMade: async ({ from, count, batch }: Flood): Promise<Stretch> => {
    const batches: Measured[][] = []
    for (let made = 0; made < count; made += batch) batches.push(some(from + made, Math.min(batch, count - made)))
    const end = stretch()
    for (const events of batches) await producer.publish(events)
    return end(count)
  },

  /** Publishes one event at a time at a steady rate, without waiting for the one before. */
  pace: async (from: number, count: number, perSecond: number): Promise<void> => {
    const begun = performance.now()
    const published: Promise<void>[] = []
    for (let n = 0; n < count; n += 1) {
      const wait = begun + (n * 1000) / perSecond - performance.now()
      if (wait > 0) await pause(wait)
      published.push(producer.publish(some(from + n, 1)))
    }
    await Promise.all(published)
  },

  close: () => producer.close(),
}

/** What a producer process can be asked for. */
export type ProducerMethods = typeof methods

function some(from: number, count: number): Measured[] {
  return Array.from({ length: count }, (_, index) => eventNumber(from + index))
}

answer(methods)
