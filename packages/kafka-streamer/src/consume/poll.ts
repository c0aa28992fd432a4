import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { ReadRecord } from '../wire'
import type { Stretch } from './read-ahead'
import type { Subscription } from './subscription'

/** Makes an event, without its `eventId`, of a record of a partition; a promise only where the codec needs one. */
export type Decode = (record: ReadRecord, partition: number) => ExternalEvent | Promise<ExternalEvent>

/** How a poll waits, and how much it returns. */
export interface PollLimits {
  readonly pollWaitMs: number
  readonly pollBatch: number
}

/** The next events of a subscription; waits a while for the first one. Rejects where it does not read, or a codec cannot at present. */
export async function nextEvents(
  subscription: Subscription,
  decode: Decode,
  { pollWaitMs, pollBatch }: PollLimits
): Promise<ExternalEvent[]> {
  const deadline = performance.now() + pollWaitMs
  while (!subscription.isClosed) {
    const events = await handOut(subscription, decode, pollBatch)
    if (events.length > 0) return events
    const { failure } = subscription
    const leftMs = deadline - performance.now()
    if (failure && (leftMs <= 0 || !failure.retryable)) throw failure
    if (leftMs <= 0) return []
    await subscription.readAhead.arrival(leftMs)
  }
  return []
}

async function handOut(subscription: Subscription, decode: Decode, most: number): Promise<ExternalEvent[]> {
  const taken = subscription.take(most)
  if (taken.length === 0) return []
  const decoded: ExternalEvent[][] = []
  try {
    for (const stretch of taken) decoded.push(await toEvents(stretch, decode))
  } catch (thrown) {
    subscription.readAhead.putBack(taken)
    throw thrown
  }
  return decoded.flatMap((events, index) => {
    const stretch = taken[index]
    if (stretch.partition.isLost) return []
    const first = subscription.handedOut.add(stretch)
    events.forEach((event, at) => (event.eventId = subscription.handedOut.idOf(first + at)))
    return events
  })
}

async function toEvents({ records, partition }: Stretch, decode: Decode): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = []
  for (const record of records) {
    const event = decode(record, partition.id)
    events.push('then' in event ? await event : event)
  }
  return events
}
