import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { finishesWithin } from '../timing'
import type { Receiving } from './leased-receiver'

/** Milliseconds within which the state has to take note of handlers that are not waited for. */
const LEAVE_MS = 1_000

/** What ends when a service is stopped. */
export interface Ending {
  /** How long it may take; milliseconds. */
  readonly drainMs: number
  readonly log: StreamerLogger
  /** Handlers, batches and timers that still run. */
  readonly working: Promise<unknown>
  readonly receivers: readonly Receiving[]
  /** What was read for the lake is in it. */
  readonly recorded?: Promise<void>
}

/** Lets everything end within the limit, and says what has not. Resolves at the limit, and a moment later where handlers still run. */
export async function endWithin({ drainMs, log, working, receivers, recorded }: Ending): Promise<void> {
  const isRecorded = finishesWithin(drainMs, Promise.resolve(recorded))
  if (!(await finishesWithin(drainMs, working))) {
    log.warn(`Handlers still run after ${drainMs} ms. Their events are delivered again.`)
    await finishesWithin(LEAVE_MS, Promise.all(receivers.map((receiver) => receiver.leave())))
    await finishesWithin(LEAVE_MS, working)
  }
  if (await isRecorded) return
  log.warn(`The lake has not taken what was read within ${drainMs} ms. The broker delivers it again.`)
}
