import { StreamerError, isStreamerError } from '../contract'
import type { EventMetadata, EventPlace, ExternalEvent, WireMessage } from '../contract'
import type { Codec, DecodedEvent } from './codec'
import { keepDecoder } from './body/decoded-anew'
import { withMetadata } from './attributes/metadata'
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
  message: WireMessage,
  from: ReceivedFrom
): ExternalEvent | Promise<ExternalEvent> {
  try {
    const plain = unpacked(message, from.mostUnpackedBytes)
    const decoded = codec.decode(plain, from.topic)
    // To wait costs as much as to decode, and most codecs need nobody.
    if (!('payload' in decoded)) return decodedLater(decoded, { codec, message, plain, from })
    const event = plain === message ? decoded : asReceived(decoded, message)
    if (codec.repeatable) keepDecoder(event.metadata, () => payloadOf(codec.decode(plain, from.topic)))
    return decodedEvent(event, from, message)
  } catch (thrown) {
    return isStreamerError(thrown) && thrown.retryable
      ? Promise.reject(thrown)
      : undecodableEvent(message, from, undecodableBy(codec, thrown))
  }
}

/** What is being decoded. */
interface Decoding {
  readonly codec: Codec
  readonly message: WireMessage
  /** The message as the codec was given it. */
  readonly plain: WireMessage
  readonly from: ReceivedFrom
}

/** What is kept of a message is what came, and not what was made of it to read it. */
function asReceived({ payload, metadata }: DecodedEvent, { body, contentType }: WireMessage): DecodedEvent {
  return { payload, metadata: { ...metadata, raw: body, contentType: contentType ?? metadata.contentType } }
}

async function decodedLater(
  decoded: Promise<DecodedEvent>,
  { codec, message, plain, from }: Decoding
): Promise<ExternalEvent> {
  try {
    const event = await decoded
    return decodedEvent(plain === message ? event : asReceived(event, message), from, message)
  } catch (thrown) {
    if (isStreamerError(thrown) && thrown.retryable) throw thrown
    return undecodableEvent(message, from, undecodableBy(codec, thrown))
  }
}

function payloadOf(decoded: DecodedEvent | Promise<DecodedEvent>): unknown {
  if ('payload' in decoded) return decoded.payload
  throw new Error('A repeatable codec answers at once.')
}

/**
 * What a codec made of a message, as the event that `poll` returns.
 * @internal
 */
export function decodedEvent(
  { payload, metadata }: DecodedEvent,
  from: ReceivedFrom,
  message: WireMessage
): ExternalEvent {
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
    hint: 'See whether the producer writes what this codec reads; the frames of the cause say where the codec failed.',
    cause: withoutWords(thrown),
  })
}

/**
 * A message that makes no event, with its bytes and the reason: it becomes a dead letter.
 * @public
 */
export function undecodableEvent(message: WireMessage, from: ReceivedFrom, undecodable: StreamerError): ExternalEvent {
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
  }
  return eventOf(undefined, metadata, from, message)
}
