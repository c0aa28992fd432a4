import type { InvokedApp } from '@boostercloud/streamers/runtime'
import { callSignal, servedAddress } from './call'

/** Publishes what is pending; what a broker does not take stays pending for the next time. */
export async function sweep({ streaming }: InvokedApp): Promise<void> {
  await streaming.publishPending(callSignal())
}

/** Tries again what is parked and due. */
export async function retry({ streaming }: InvokedApp): Promise<void> {
  await streaming.retryParked(callSignal())
}

/** Polls the served address until it is drained. */
export async function poll({ streaming }: InvokedApp): Promise<void> {
  await streaming.pollUntilDrained(servedAddress(), callSignal())
}
