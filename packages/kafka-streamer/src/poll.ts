import type { EventMetadata, ExternalEvent, RecordForm } from '@boostercloud/streamer-connector'
import type { ReadRecord } from './driver'
import type { KafkaKeyCodec } from './key-codec'
import { positionId } from './position'
import type { Stretch } from './read-ahead'
import type { Subscription } from './subscription'
import { NO_BODY, toMessage } from './wire'

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

/** How the records of a partition are read. One without an id is known by its place, and by its time, should the topic be made again. */
export function recordForm(topic: string, partition: number, keyCodec: KafkaKeyCodec): RecordForm<ReadRecord> {
  const placeOf = ({ offset, timestamp }: ReadRecord): string =>
    `${positionId({ topic, partition, offset: Number(offset) })}@${timestamp}`
  return {
    toMessage: (record) => toMessage(record, keyCodec),
    bodyOf: ({ value }) => value ?? NO_BODY,
    placeOf,
    complete: (metadata: EventMetadata, record) =>
      metadata.id === undefined ? { ...metadata, id: placeOf(record) } : metadata,
  }
}
