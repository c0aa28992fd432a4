import { StreamerError, isStreamerError } from '../../contract'
import type { EventMetadata, EventPlace, ExternalEvent, WireMessage } from '../../contract'
import {
  classOf,
  decodedEvent,
  decoderOf,
  keepDecoder,
  receivedEvent,
  undecodableEvent,
  withMetadata,
  withoutWords,
} from '../../envelope'
import type { Codec, DecodedEvent, ReceivedFrom } from '../../envelope'

/**
 * A record as a message.
 * @public
 */
export interface ReadMessage extends WireMessage {
  /** Why it is none that a codec can be asked about; the event becomes a dead letter that says so. */
  readonly undecodable?: StreamerError
  /** What it is where there is nothing to decode, as a record without a body. */
  readonly decoded?: DecodedEvent
}

/**
 * How a connector reads the records of its broker, `R` being what its client library calls a record.
 * @public
 */
export interface RecordForm<R, M extends ReadMessage = ReadMessage> {
  /** The parts of a record. Whatever it throws makes a dead letter of this record, and of no other. */
  toMessage(record: R): M
  /** The body as it came, which a dead letter keeps where `toMessage` has thrown. Must not throw. */
  bodyOf(record: R): Uint8Array
  /** See `ExternalEvent.positionId`: what identifies the record in its topic for every reader, if anything does. Must not throw. */
  positionIdOf?(record: R): string | undefined
  /** See `ExternalEvent.place`: where the record stands in the broker's log, if there is one. Must not throw. */
  placeOf?(record: R): EventPlace | undefined
  /**
   * Completes what the codec has found out with what the broker knows, as a place that takes the part of an id. Undefined: `toMessage` has thrown. Must
   * not throw.
   */
  complete?(metadata: EventMetadata, record: R, message: M | undefined): EventMetadata
}

/**
 * How a record is read, and where it came from.
 * @public
 */
export interface RecordReading<R, M extends ReadMessage = ReadMessage> {
  readonly form: RecordForm<R, M>
  readonly codec: Codec
  readonly from: ReceivedFrom
}

/**
 * The boundary between "this record is bad" and "the broker is away", for every connector. Whatever reading one record throws (a client's
 * parser, a stack that overflows, a codec, something that is not even an error) makes it an event with `metadata.undecodable`, which becomes one dead
 * letter. Rejects only with a `StreamerError` of the codec's that is retryable: a registry that is away.
 * @public
 */
export function receivedRecord<R, M extends ReadMessage>(
  record: R,
  reading: RecordReading<R, M>
): ExternalEvent | Promise<ExternalEvent> {
  const { form, codec } = reading
  const from = fromOf(record, reading)
  let message: M | undefined
  try {
    message = form.toMessage(record)
    const event = eventOf(message, codec, from)
    if (form.complete === undefined) return event
    if ('then' in event) return completedLater(event, { form, record, message })
    return completed(event, { form, record, message })
  } catch (thrown) {
    return completed(unreadable(record, { form, codec, from }, thrown), { form, record, message })
  }
}

function fromOf<R, M extends ReadMessage>(record: R, { form, from }: RecordReading<R, M>): ReceivedFrom {
  if (form.positionIdOf === undefined && form.placeOf === undefined) return from
  return { ...from, positionId: form.positionIdOf?.(record), place: form.placeOf?.(record) }
}

function eventOf(message: ReadMessage, codec: Codec, from: ReceivedFrom): ExternalEvent | Promise<ExternalEvent> {
  const { undecodable, decoded } = message
  if (undecodable !== undefined) return undecodableEvent(message, from, undecodable)
  return decoded === undefined ? receivedEvent(codec, message, from) : decodedEvent(decoded, from, message)
}

/** What is known of a record besides the event. */
interface Read<R, M extends ReadMessage> {
  readonly form: RecordForm<R, M>
  readonly record: R
  readonly message: M | undefined
}

async function completedLater<R, M extends ReadMessage>(
  event: Promise<ExternalEvent>,
  read: Read<R, M>
): Promise<ExternalEvent> {
  return completed(await event, read)
}

function completed<R, M extends ReadMessage>(
  event: ExternalEvent,
  { form, record, message }: Read<R, M>
): ExternalEvent {
  const { metadata: told = {}, eventPayload } = event
  const metadata = form.complete?.(told, record, message) ?? told
  if (metadata === told) return event
  const decode = decoderOf(told)
  if (decode !== undefined) keepDecoder(metadata, decode)
  if (typeof eventPayload === 'object' && eventPayload !== null) withMetadata(eventPayload, metadata)
  return { ...event, metadata }
}

function unreadable<R, M extends ReadMessage>(
  record: R,
  { form, from }: RecordReading<R, M>,
  thrown: unknown
): ExternalEvent {
  const reason = isStreamerError(thrown)
    ? thrown
    : new StreamerError('EVENT_UNDECODABLE', `The headers beside the body cannot be read: ${classOf(thrown)}.`, {
        hint: 'Check which headers the producer writes.',
        cause: withoutWords(thrown),
      })
  return undecodableEvent({ body: form.bodyOf(record), attributes: {}, headers: {} }, from, reason)
}
