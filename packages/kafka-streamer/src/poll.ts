import { receivedEvent, withMetadata } from '@boostercloud/streamer-connector'
import type { Codec, DecodedEvent, ExternalEvent, WireMessage } from '@boostercloud/streamer-connector'
import type { ReadRecord } from './driver'
import { positionId as formatPosition } from './position'
import type { Stretch } from './read-ahead'
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
  const decoded: ExternalEvent[][] = []
  try {
    for (const stretch of taken) decoded.push(await toEvents(stretch, decoding))
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

async function toEvents({ records, partition }: Stretch, decoding: Decoding): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = []
  for (const record of records) {
    const event = toEvent(record, partition.id, decoding)
    events.push('then' in event ? await event : event)
  }
  return events
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
  const message = toMessage(record)
  let decoded: DecodedEvent | Promise<DecodedEvent>
  try {
    if (message.undecodable) throw message.undecodable
    decoded = record.value === null ? tombstone(message) : codec.decode(message, topic)
  } catch (thrown) {
    decoded = Promise.reject(thrown as Error)
  }
  if ('then' in decoded) return slowly(message, decoded, { record, partition, decoding })
  const { payload, metadata: told } = decoded
  const positionId = placeOf({ record, partition, decoding })
  const metadata = told.id === undefined ? { ...told, id: positionId } : told
  if (typeof payload === 'object' && payload !== null) withMetadata(payload, metadata)
  return { streamerId, streamerTopic: topic, eventId: undefined, positionId, eventPayload: payload, metadata }
}

/** Where a record is. */
interface Place {
  readonly record: ReadRecord
  readonly partition: number
  readonly decoding: Decoding
}

function placeOf({ record, partition, decoding }: Place): string {
  const { topic } = decoding
  return `${formatPosition({ topic, partition, offset: Number(record.offset) })}@${record.timestamp}`
}

async function slowly(message: WireMessage, decoded: Promise<DecodedEvent>, place: Place): Promise<ExternalEvent> {
  const { codec, streamerId, topic } = place.decoding
  const positionId = placeOf(place)
  const own = { name: codec.name, encode: codec.encode, decode: () => decoded }
  const event = await receivedEvent(own, message, { streamerId, topic, eventId: '', positionId })
  const { metadata: told = {}, eventPayload } = event
  if (told.id !== undefined) return event
  const metadata = { ...told, id: positionId }
  if (typeof eventPayload === 'object' && eventPayload !== null) withMetadata(eventPayload, metadata)
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
