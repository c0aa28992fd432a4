import { decodedInOrder } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { ReadRecord } from '../wire'
import type { Subscription } from './subscription'

/** Makes an event, without its `eventId`, of a record of a partition; a promise only where the codec needs one. */
export type Decode = (record: ReadRecord, from: ReadFrom) => ExternalEvent | Promise<ExternalEvent>

/** The partition of a record. */
export interface ReadFrom {
  readonly partition: number
  /** The id of its topic, where that is known. */
  readonly topicId?: string
}

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
  const taken = subscription.readAhead.take(most)
  if (taken.length === 0) return []
  const decoded: ExternalEvent[][] = []
  try {
    for (const { records, partition } of taken) {
      const from = { partition: partition.id, topicId: partition.topicId }
      decoded.push(await decodedInOrder(records, (record) => decode(record, from)))
    }
  } catch (thrown) {
    subscription.readAhead.putBack(taken)
    throw thrown
  }
  return decoded.flatMap((events, index) => {
    const ids = subscription.handOut(taken[index])
    ids.forEach((id, at) => (events[at].eventId = id))
    return ids.length === 0 ? [] : events
  })
}
