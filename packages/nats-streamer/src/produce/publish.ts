import { shownType, PublishTally } from '@boostercloud/streamer-connector'
import type {
  Encoded,
  EventMetadata,
  PublishedMetadata,
  StreamerError,
  WireMessage,
} from '@boostercloud/streamer-connector'
import type { Outgoing, Settled } from '../client'
import { headersOf, percentEncode, sizeOfHeaders } from '../wire'

/** A message, and what orders it. */
export interface KeyedMessage extends Outgoing {
  readonly key?: string
}

/** Where messages go. */
export interface Destination {
  readonly stream: string
  readonly subject: string
}

/**
 * An event as a message. JetStream knows message ids for all subjects of a stream together, so an id names the subject too: an event may go to several
 * topics. Throws `EVENT_NOT_ENCODABLE`.
 */
export function toKeyedMessage(
  { key, ...message }: WireMessage,
  metadata: PublishedMetadata,
  { stream, subject }: Destination
): KeyedMessage & Encoded {
  const headers = headersOf({ key, ...message }, shownType(metadata))
  headers.append('Nats-Msg-Id', percentEncode(`${metadata.source}/${metadata.id}/${subject}`))
  headers.append('Nats-Expected-Stream', stream)
  const { body } = message
  return { subject, body, headers, key, bytes: body.byteLength + sizeOfHeaders(headers) }
}

/** A recorded message, without an id of JetStream's: by that the stream would drop what it has had within its duplicate window. Throws `EVENT_NOT_ENCODABLE`. */
export function toRawMessage(
  message: WireMessage,
  metadata: EventMetadata,
  { stream, subject }: Destination
): KeyedMessage & Encoded {
  const { body, key } = message
  const headers = headersOf(message, shownType(metadata))
  headers.append('Nats-Expected-Stream', stream)
  return { subject, body, headers, key, bytes: body.byteLength + sizeOfHeaders(headers) }
}

/**
 * Sends messages, several at once, but of one key the next one only when the stream has the one before it: so whatever is refused
 * or cut off in between, a key's events are stored in order. What is held back for that fails with the one before it.
 *
 * Rejects as `publish` does.
 */
export async function sendInOrder(
  messages: readonly KeyedMessage[],
  send: (message: Outgoing, settled: Settled) => void,
  maxInFlight: number
): Promise<void> {
  const tally = new PublishTally(messages.length, messages[0]?.subject ?? '')
  new Sending(messages, send, maxInFlight, tally).goOn()
  await tally.result()
}

/** Messages of one key, by their places, and which of them is next. */
interface Lane {
  readonly places: number[]
  next: number
}

/** One batch on its way. */
class Sending {
  /** Lanes whose next message may be sent, from `from` on. */
  private readonly ready: Lane[]
  private from = 0
  private inFlight = 0
  private pumping = false

  public constructor(
    private readonly messages: readonly KeyedMessage[],
    private readonly send: (message: Outgoing, settled: Settled) => void,
    private readonly maxInFlight: number,
    private readonly tally: PublishTally
  ) {
    this.ready = lanesOf(messages)
  }

  /** Sends what may be sent. */
  public goOn(): void {
    // What fails at once settles within `send`: one loop does it, not a call for each.
    if (this.pumping) return
    this.pumping = true
    while (this.inFlight < this.maxInFlight && this.from < this.ready.length) {
      const lane = this.ready[this.from]
      this.from += 1
      this.inFlight += 1
      this.send(this.messages[lane.places[lane.next]], (error) => this.settled(lane, error))
    }
    this.pumping = false
  }

  private settled(lane: Lane, error?: StreamerError): void {
    this.inFlight -= 1
    this.tally.settle(lane.places[lane.next], error)
    lane.next += 1
    if (error?.retryable) this.holdBack(lane, error)
    if (lane.next < lane.places.length) this.ready.push(lane)
    this.goOn()
  }

  private holdBack(lane: Lane, error: StreamerError): void {
    for (; lane.next < lane.places.length; lane.next += 1) {
      this.tally.settle(lane.places[lane.next], error)
    }
  }
}

/** A message without a key is in a lane of its own: it orders nothing. */
function lanesOf(messages: readonly KeyedMessage[]): Lane[] {
  const lanes: Lane[] = []
  const byKey = new Map<string, Lane>()
  for (const [place, { key }] of messages.entries()) {
    let lane = key ? byKey.get(key) : undefined
    if (!lane) {
      lane = { places: [], next: 0 }
      lanes.push(lane)
      if (key) byKey.set(key, lane)
    }
    lane.places.push(place)
  }
  return lanes
}
