import { StreamerError, isStreamerError } from '../contract'
import type { EventMetadata, EventPlace, ExternalEvent, WireMessage } from '../contract'
import type { Codec, DecodedEvent } from './codec'
import { keepDecoder } from './body/decoded-anew'
import { withMetadata } from './attributes/metadata'
import { withoutMark } from './replayed'
import { unpacked } from './body/unpacked'
import { classOf, withoutWords } from './without-words'

/**
 * Where a message came from.
 * @public
 */
export interface ReceivedFrom {
  readonly streamerId: string
  readonly topic?: string
  /** The position that settles it. */
  readonly eventId: string
  /** See `ExternalEvent.positionId`. */
  readonly positionId?: string
  /** See `ExternalEvent.place`. */
  readonly place?: EventPlace
  /** Bytes that a packed body may have unpacked. Default 16 MiB. */
  readonly mostUnpackedBytes?: number
}

/**
 * A message as the event that `poll` returns; a promise only where the codec needs one. Its content encoding is undone before the codec is asked. One that cannot be decoded is returned too, with its
 * bytes and the reason in `metadata.undecodable`, so that it becomes a dead letter. Rejects only with what may pass: a registry that is away.
 * @public
 */
export function receivedEvent(
  codec: Codec,
  received: WireMessage,
  from: ReceivedFrom
): ExternalEvent | Promise<ExternalEvent> {
  const message = withoutMark(received)
  const isReplayed = message !== received
  try {
    const plain = unpacked(message, from.mostUnpackedBytes)
    const decoded = codec.decode(plain, from.topic)
    const decoding = { codec, received, message, plain, isReplayed, from }
    // To wait costs as much as to decode, and most codecs need nobody.
    if (!('payload' in decoded)) return decodedLater(decoded, decoding)
    const event = asReceived(decoded, decoding)
    if (codec.repeatable) keepDecoder(event.metadata, () => payloadOf(codec.decode(plain, from.topic)))
    return eventFrom(event, from, message)
  } catch (thrown) {
    return isStreamerError(thrown) && thrown.retryable
      ? Promise.reject(thrown)
      : undecodableEvent(received, from, undecodableBy(codec, thrown))
  }
}

/** What is being decoded. */
interface Decoding {
  readonly codec: Codec
  /** As it came, with its mark if it was published again. */
  readonly received: WireMessage
  readonly message: WireMessage
  readonly isReplayed: boolean
  /** The message as the codec was given it. */
  readonly plain: WireMessage
  readonly from: ReceivedFrom
}

/** What is kept of a message is what came, and not what was made of it to read it. */
function asReceived(decoded: DecodedEvent, { message, plain, isReplayed }: Decoding): DecodedEvent {
  if (plain === message && !isReplayed) return decoded
  const { payload, metadata } = decoded
  const { body, contentType = metadata.contentType } = message
  return { payload, metadata: { ...metadata, raw: body, contentType, ...(isReplayed && { replayed: true as const }) } }
}

async function decodedLater(decoded: Promise<DecodedEvent>, decoding: Decoding): Promise<ExternalEvent> {
  const { codec, received, message, from } = decoding
  try {
    return eventFrom(asReceived(await decoded, decoding), from, message)
  } catch (thrown) {
    if (isStreamerError(thrown) && thrown.retryable) throw thrown
    return undecodableEvent(received, from, undecodableBy(codec, thrown))
  }
}

function payloadOf(decoded: DecodedEvent | Promise<DecodedEvent>): unknown {
  if ('payload' in decoded) return decoded.payload
  throw new Error('A repeatable codec must not be asynchronous.')
}

/**
 * What a codec made of a message, as the event that `poll` returns.
 * @internal
 */
export function decodedEvent(
  { payload, metadata }: DecodedEvent,
  from: ReceivedFrom,
  received: WireMessage
): ExternalEvent {
  const message = withoutMark(received)
  if (message === received) return eventFrom({ payload, metadata }, from, message)
  return eventFrom({ payload, metadata: { ...metadata, headers: message.headers, replayed: true } }, from, message)
}

function eventFrom({ payload, metadata }: DecodedEvent, from: ReceivedFrom, message: WireMessage): ExternalEvent {
  if (typeof payload === 'object' && payload !== null) withMetadata(payload, metadata)
  return eventOf(payload, metadata, from, message)
}

function eventOf(
  eventPayload: unknown,
  metadata: EventMetadata,
  { streamerId, topic: streamerTopic, eventId, positionId, place }: ReceivedFrom,
  message: WireMessage
): ExternalEvent {
  const event: ExternalEvent = { streamerId, streamerTopic, eventId, eventPayload, metadata, message }
  if (positionId !== undefined) event.positionId = positionId
  if (place !== undefined) event.place = place
  return event
}

function undecodableBy({ name }: Codec, thrown: unknown): StreamerError {
  if (isStreamerError(thrown)) return thrown
  return new StreamerError('EVENT_UNDECODABLE', `The codec '${name}' failed: ${classOf(thrown)}.`, {
    hint: 'Check that the producer writes what this codec reads. The stack of the cause shows where the codec failed.',
    cause: withoutWords(thrown),
  })
}

/**
 * A message that makes no event, with its bytes and the reason: it becomes a dead letter.
 * @public
 */
export function undecodableEvent(received: WireMessage, from: ReceivedFrom, undecodable: StreamerError): ExternalEvent {
  const message = withoutMark(received)
  const { id, source, type } = message.attributes
  const metadata = {
    id,
    source,
    type,
    key: message.key,
    headers: { ...message.attributes, ...message.headers },
    contentType: message.contentType,
    contentEncoding: message.contentEncoding,
    raw: message.body,
    undecodable,
    ...(message !== received && { replayed: true as const }),
  }
  return eventOf(undefined, metadata, from, message)
}
