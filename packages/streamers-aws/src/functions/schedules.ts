import type { InvokedApp } from '@boostercloud/streamers/runtime'
import { callSignal, servedAddress } from './call'

/** Publishes what is pending; what a broker does not take stays pending for the next time. */
export async function sweep({ streaming }: InvokedApp): Promise<void> {
  await streaming.publishPending(callSignal())
}

/** Tries again what is parked and due, and stores delayed events that are. */
export async function retry({ streaming }: InvokedApp): Promise<void> {
  const signal = callSignal()
  const done = await Promise.allSettled([streaming.fireTimers(signal), streaming.retryParked(signal)])
  // Neither goes on behind the answer: then the process is stopped.
  for (const one of done) if (one.status === 'rejected') throw one.reason
}

/** Polls the served address until it is drained. */
export async function poll({ streaming }: InvokedApp): Promise<void> {
  await streaming.pollUntilDrained(servedAddress(), callSignal())
}
