import { PartialPublishError, StreamerError, metadataToPublish } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import type { Outgoing, Settled } from './acks'
import type { NatsStreamerSettings } from './settings'
import { percentEncode } from './percent'
import { subjectToPublish } from './subjects'
import { headersOf, sizeOfHeaders } from './wire'

/** A message, and what orders it. */
export interface KeyedMessage extends Outgoing {
  readonly key?: string
}

/** For which topic events are encoded, by what, and what the server takes at most (`max_payload`). */
export interface EncodeFor {
  readonly topic: string
  readonly source: string
  readonly codec: Codec
  readonly maxPayload: number
}

type Settings = Pick<NatsStreamerSettings, 'maxEventBytes' | 'stream' | 'subject'>

/**
 * Events as messages, all of them before the first is sent. Rejects with `EVENT_NOT_ENCODABLE`, with `EVENT_TOO_LARGE`, or with
 * what the codec's registry is at fault for.
 *
 * JetStream knows message ids for all subjects of a stream together, so an id names the subject too: an event may go to several topics.
 */
export async function encode(
  events: readonly EventInterface[],
  { topic, source, codec, maxPayload }: EncodeFor,
  { maxEventBytes, stream, subject: template }: Settings
): Promise<KeyedMessage[]> {
  const subject = subjectToPublish(template, topic)
  const mostBytes = Math.min(maxEventBytes, maxPayload)
  const messages: KeyedMessage[] = []
  for (const event of events) {
    const metadata = metadataToPublish(event, source)
    const encoded = codec.encode(event, metadata, topic)
    const message = encoded instanceof Promise ? await encoded : encoded
    const headers = headersOf(message, metadata.type)
    headers.append('Nats-Msg-Id', percentEncode(`${metadata.source}/${metadata.id}/${subject}`))
    headers.append('Nats-Expected-Stream', stream)
    const bytes = message.body.byteLength + sizeOfHeaders(headers)
    if (bytes > mostBytes) throw tooLarge(bytes, mostBytes, metadata.type)
    messages.push({ subject, body: message.body, headers, key: message.key })
  }
  return messages
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
  const errors = await new Promise<readonly (StreamerError | undefined)[]>((resolve) => {
    new Sending(messages, send, maxInFlight, resolve).begin()
  })
  const failed = errors.flatMap((error, index) => (error ? [{ index, error }] : []))
  if (failed.length === 0) return
  if (failed.length === messages.length) throw failed[0].error
  throw new PartialPublishError(failed, messages.length, messages[0].subject)
}

/** Messages of one key, by their places, and which of them is next. */
interface Lane {
  readonly places: number[]
  next: number
}

/** One batch on its way. */
class Sending {
  private readonly errors: (StreamerError | undefined)[]
  /** Lanes whose next message may be sent, from `from` on. */
  private readonly ready: Lane[]
  private from = 0
  private inFlight = 0
  private open: number
  private pumping = false

  public constructor(
    private readonly messages: readonly KeyedMessage[],
    private readonly send: (message: Outgoing, settled: Settled) => void,
    private readonly maxInFlight: number,
    private readonly done: (errors: readonly (StreamerError | undefined)[]) => void
  ) {
    this.open = messages.length
    this.errors = new Array<StreamerError | undefined>(messages.length)
    this.ready = lanesOf(messages)
  }

  public begin(): void {
    if (this.open === 0) this.done([])
    else this.pump()
  }

  private pump(): void {
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
    this.errors[lane.places[lane.next]] = error
    this.open -= 1
    lane.next += 1
    if (error?.retryable) this.holdBack(lane, error)
    if (lane.next < lane.places.length) this.ready.push(lane)
    if (this.open === 0) this.done(this.errors)
    else this.pump()
  }

  private holdBack(lane: Lane, error: StreamerError): void {
    for (; lane.next < lane.places.length; lane.next += 1) {
      this.errors[lane.places[lane.next]] = error
      this.open -= 1
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

function tooLarge(bytes: number, mostBytes: number, at: string): StreamerError {
  return new StreamerError('EVENT_TOO_LARGE', `An event has ${bytes} bytes; the most is ${mostBytes}.`, {
    at,
    hint: "Publish a reference to the large part instead, or raise the streamer's maxEventBytes and the server's max_payload.",
  })
}
