import { setTimeout as pause } from 'node:timers/promises'
import type { Consumer, Target } from '../measure/contender'
import { percentile } from '../measure/statistics'
import { Tally } from '../measure/tally'
import type { Verdict } from '../measure/tally'
import { entityOf, failsOnce, nowMicros } from '../measure/workload'
import type { Received } from '../measure/workload'
import { contenderNamed } from '../systems'
import { answer } from './worker'

/** How the handler behaves. */
export interface Handling {
  /** From an event on, one in so many throws when it is handled for the first time; 0: none. */
  readonly failing: { readonly every: number; readonly from: number }
  /** The numbers of the events whose time from publish to handler is kept. */
  readonly timed: { readonly from: number; readonly to: number }
}

/** What a consumer has seen. */
export interface Seen extends Verdict {
  /** When the last event so far was handled, in microseconds by the clock of the machine. */
  readonly lastAt: number
  /** Milliseconds from publish to handler. */
  readonly p50: number
  readonly p99: number
  /** Resident memory at its highest, in MB. */
  readonly peakMemory: number
  /** Processor time used so far, in microseconds. */
  readonly cpu: number
}

/** How often it looks whether everything is handled. */
const LOOK_EVERY_MS = 5
/** How long it waits for events that come a second time. */
const AGAIN_MS = 300

const tally = new Tally()
const waits: number[] = []
const failed = new Set<number>()
let lastAt = 0
let consumer: Consumer

const methods = {
  open: async (system: string, target: Target, handling: Handling): Promise<void> => {
    consumer = await (await contenderNamed(system)).consume(target, (...events) => handle(events, handling))
  },

  /** Resolves when so many different events are handled, or when the time is over. */
  until: async (count: number, limitMs: number): Promise<void> => {
    const end = performance.now() + limitMs
    while (tally.handled < count && performance.now() < end) await pause(LOOK_EVERY_MS)
    await pause(AGAIN_MS)
  },

  seen: (published: number): Seen => {
    const { user, system } = process.cpuUsage()
    return {
      ...tally.verdict(published, entityOf),
      lastAt,
      p50: percentile(waits, 50),
      p99: percentile(waits, 99),
      peakMemory: process.resourceUsage().maxRSS / 1024,
      cpu: user + system,
    }
  },

  close: () => consumer.close(),
}

/** What a consumer process can be asked for. */
export type ConsumerMethods = typeof methods

async function handle(events: readonly Received[], { failing, timed }: Handling): Promise<void> {
  const now = nowMicros()
  for (const { n } of events) {
    if (n >= failing.from && failsOnce(n, failing.every) && !failed.has(n)) {
      failed.add(n)
      throw new Error(`Event ${n} fails once.`)
    }
  }
  for (const { entity, n, sentAt } of events) {
    if (n >= timed.from && n < timed.to) waits.push((now - sentAt) / 1000)
    tally.add(entity, n)
  }
  lastAt = now
}

answer(methods)
