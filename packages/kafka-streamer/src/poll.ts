import { receivedEvent, withMetadata } from '@boostercloud/streamer-connector'
import type { Codec, DecodedEvent, ExternalEvent, WireMessage } from '@boostercloud/streamer-connector'
import type { ReadRecord } from './driver'
import { positionId } from './position'
import type { Subscription } from './subscription'
import { toMessage } from './wire'

/** How records become events. */
export interface Decoding {
  readonly codec: Codec
  readonly streamerId: string
  readonly topic: string
}

/** How a poll waits, and how much it returns. */
export interface PollLimits {
  readonly pollWaitMs: number
  readonly pollBatch: number
}

/** The next events of a subscription; waits a while for the first one. Rejects where it does not read, or a codec cannot at present. */
export async function nextEvents(
  subscription: Subscription,
  decoding: Decoding,
  { pollWaitMs, pollBatch }: PollLimits
): Promise<ExternalEvent[]> {
  const deadline = performance.now() + pollWaitMs
  while (!subscription.isClosed) {
    const events = await handOut(subscription, decoding, pollBatch)
    if (events.length > 0) return events
    const { failure } = subscription
    const leftMs = deadline - performance.now()
    if (failure && (leftMs <= 0 || !failure.retryable)) throw failure
    if (leftMs <= 0) return []
    await subscription.readAhead.arrival(leftMs)
  }
  return []
}

async function handOut(subscription: Subscription, decoding: Decoding, most: number): Promise<ExternalEvent[]> {
  const taken = subscription.take(most)
  if (taken.length === 0) return []
  const decoded: ExternalEvent[] = []
  try {
    for (const { record, partition } of taken) {
      const event = toEvent(record, partition.id, decoding)
      decoded.push('then' in event ? await event : event)
    }
  } catch (thrown) {
    subscription.readAhead.putBack(taken)
    throw thrown
  }
  return decoded.filter((event, index) => {
    const buffered = taken[index]
    if (buffered.partition.isLost) return false
    event.eventId = subscription.handedOut.add(buffered)
    return true
  })
}

/**
 * A record as an event without its `eventId`; a promise only where the codec needs one, or for what is undecodable. One without an id is known by
 * its place, and by its time, should the topic be made again.
 */
export function toEvent(
  record: ReadRecord,
  partition: number,
  decoding: Decoding
): ExternalEvent | Promise<ExternalEvent> {
  const { codec, streamerId, topic } = decoding
  const { message, undecodable } = toMessage(record)
  const place = { record, partition, decoding, message }
  if (undecodable) return slowly(place, () => Promise.reject(undecodable))
  try {
    const decoded = record.value === null ? tombstone(message) : codec.decode(message, topic)
    if ('then' in decoded) return slowly(place, () => decoded)
    const { payload } = decoded
    const metadata = decoded.metadata.id === undefined ? { ...decoded.metadata, id: ownId(place) } : decoded.metadata
    if (typeof payload === 'object' && payload !== null) withMetadata(payload, metadata)
    return { streamerId, streamerTopic: topic, eventId: undefined, eventPayload: payload, metadata }
  } catch (thrown) {
    return slowly(place, () => Promise.reject(thrown as Error))
  }
}

/** A record that is being decoded. */
interface Place {
  readonly record: ReadRecord
  readonly partition: number
  readonly decoding: Decoding
  readonly message: WireMessage
}

function ownId({ record, partition, decoding }: Place): string {
  return `${positionId({ topic: decoding.topic, partition, offset: record.offset })}@${record.timestamp}`
}

async function slowly(place: Place, decode: Codec['decode']): Promise<ExternalEvent> {
  const { codec, streamerId, topic } = place.decoding
  const own = { name: codec.name, encode: codec.encode, decode }
  const event = await receivedEvent(own, place.message, { streamerId, topic, eventId: '' })
  if (event.metadata?.id !== undefined) return event
  const metadata = { ...event.metadata, id: ownId(place) }
  if (typeof event.eventPayload === 'object' && event.eventPayload !== null) withMetadata(event.eventPayload, metadata)
  return { ...event, metadata }
}

/** A record without a value says that what its key names is gone: a payload of null. */
function tombstone(message: WireMessage): DecodedEvent {
  const { attributes, headers, key } = message
  const { id, source, type, time } = attributes
  return {
    payload: null,
    metadata: { ...(id && { id }), source, type, time, key, headers: { ...headers } },
  }
}
