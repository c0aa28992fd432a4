import {
  BASE64,
  CONTENT_ENCODING,
  StreamerError,
  attributeHeaders,
  headerRefused,
  isContentEncoding,
  textOfBytes,
  setOwn,
} from '@boostercloud/streamer-connector'
import type {
  DecodedEvent,
  EventMetadata,
  ReadMessage,
  RecordForm,
  WireMessage,
} from '@boostercloud/streamer-connector'
import { keyBytes, keyText } from '../options'
import type { KafkaKeyCodec } from '../options'
import { positionId } from './position'
import type { HeaderValue, OutgoingRecord, ReadRecord } from './record'

/** CloudEvents Kafka protocol binding 1.0.2 §3.2.3: attributes of a binary message are headers with this before their names. */
const PREFIX = 'ce_'
const { headerOf, attributeOf } = attributeHeaders(PREFIX)
const CONTENT_TYPE = 'content-type'

/** What Kafka adds to a record and to each of its headers, at most; for the size of a batch. */
const RECORD_OVERHEAD = 40
const HEADER_OVERHEAD = 10

/** A record to be written, with its size. */
export interface EncodedRecord {
  readonly record: OutgoingRecord
  /** Body, key and headers. */
  readonly bytes: number
  /** With what Kafka adds. */
  readonly bytesInBatch: number
}

/** How a message is written. */
export interface WriteOptions {
  readonly keyCodec: KafkaKeyCodec
  /** What errors name as the place: the event's type. */
  readonly at: string
}

/**
 * A message as a record. Throws `EVENT_NOT_ENCODABLE` for a header of the user's that has a name of the binding's, and for a key that the codec has no
 * bytes for.
 */
export function toRecord(message: WireMessage, { keyCodec, at }: WriteOptions): EncodedRecord {
  const { body, contentType, contentEncoding, attributes, headers, key } = message
  const all: Record<string, string> = {}
  let [bytes, count] = [body.byteLength, 0]
  const add = (name: string, value: string | undefined): void => {
    if (value === undefined) return
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value)
    count += 1
    setOwn(all, name, value)
  }
  for (const name in headers) add(carriable(name, at), headers[name])
  add(CONTENT_TYPE, contentType)
  add(CONTENT_ENCODING, contentEncoding)
  for (const name in attributes) add(headerOf.get(name) ?? PREFIX + name, attributes[name])
  const ofKey = key === undefined ? null : keyBytes(key, keyCodec, at)
  bytes += ofKey?.byteLength ?? 0
  const value = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return {
    record: { key: ofKey, value: message.isTombstone ? null : value, headers: all },
    bytes,
    bytesInBatch: bytes + RECORD_OVERHEAD + count * HEADER_OVERHEAD,
  }
}

/** A header of the user's under a name of the binding's would arrive as what the binding has there. */
function carriable(name: string, at: string): string {
  if (name.startsWith(PREFIX) || isContentType(name)) throw headerRefused(name, 'CloudEvents has this name', at)
  return name
}

type Header = HeaderValue | readonly HeaderValue[] | undefined

type RecordParts = Pick<ReadRecord, 'key' | 'value' | 'headers' | 'unreadable'>

/** The body of a record that has none. */
const NO_BODY = Buffer.alloc(0)

/**
 * A record as a message. A header that came several times, or without a value, arrives as JSON would write it (`["a","b"]`, `null`). What
 * cannot be read as what it is makes the record undecodable: a CloudEvents attribute, content type or content encoding that came several times,
 * without a value, or not as UTF-8. Another header that is not UTF-8 arrives as `base64:…`.
 */
export function toMessage({ key, value, headers, unreadable }: RecordParts, keyCodec: KafkaKeyCodec): ReadMessage {
  if (unreadable !== undefined) throw unreadable
  const message = new Message(value ?? NO_BODY)
  for (const name in headers) message.add(name, headers[name])
  if (key !== null) message.key = keyText(key, keyCodec)
  if (value === null) {
    message.isTombstone = true
    message.decoded = tombstone(message)
  }
  return message
}

/** Whose records are read. */
export interface RecordsOf {
  readonly topic: string
  readonly partition: number
  /** Undefined where it is not known. */
  readonly topicId?: string
  readonly keyCodec: KafkaKeyCodec
}

/** How the records of a partition are read. One without an id is known by its place, and by its time, should the topic be made again. */
export function recordForm({ topic, partition, topicId: logId, keyCodec }: RecordsOf): RecordForm<ReadRecord> {
  const positionIdOf = ({ offset, timestamp }: ReadRecord): string =>
    `${positionId({ topic, partition, offset: Number(offset) })}@${timestamp}`
  const place = { partition: String(partition), ...(logId !== undefined && { logId }) }
  return {
    toMessage: (record) => toMessage(record, keyCodec),
    bodyOf: ({ value }) => value ?? NO_BODY,
    positionIdOf,
    placeOf: ({ offset }) => ({ ...place, offset: Number(offset) }),
    complete: (metadata: EventMetadata, record) =>
      metadata.id === undefined ? { ...metadata, id: positionIdOf(record) } : metadata,
  }
}

/** A record without a value says that what its key names is gone: a payload of null. */
function tombstone({ attributes, headers, key }: WireMessage): DecodedEvent {
  const { id, source, type, time } = attributes
  return { payload: null, metadata: { ...(id && { id }), source, type, time, key, headers: { ...headers } } }
}

/** Filled header by header, and given out as it is: this is done for every record. */
class Message implements ReadMessage {
  public readonly attributes: Record<string, string> = {}
  public readonly headers: Record<string, string> = {}
  public contentType?: string = undefined
  public contentEncoding?: string = undefined
  public key?: string = undefined
  public isTombstone?: true = undefined
  public undecodable?: StreamerError = undefined
  public decoded?: DecodedEvent = undefined

  public constructor(public readonly body: Uint8Array) {}

  public add(name: string, received: Header): void {
    const header = isOfBinding(name) ? sameOf(received) : received
    const text = header instanceof Uint8Array ? textOfBytes(header) : severalAsJson(header)
    const attribute = attributeOf.get(name)
    if (attribute !== undefined) this.attributes[attribute] = this.checked(name, header, text)
    else this.put(name, header, text)
  }

  private put(name: string, header: Header, text: string): void {
    if (name.startsWith(PREFIX)) setOwn(this.attributes, name.slice(PREFIX.length), this.checked(name, header, text))
    else if (isContentType(name)) this.contentType = this.checked(name, header, text)
    else if (isContentEncoding(name)) this.contentEncoding = this.checked(name, header, text)
    else setOwn(this.headers, name, text)
  }

  /** Where somebody reads it as what it says, it must say one thing. */
  private checked(name: string, header: Header, text: string): string {
    if (!(header instanceof Uint8Array)) this.undecodable ??= undecodable(name, 'has not one value')
    else if (text.startsWith(BASE64) && !isText(header, text)) this.undecodable ??= undecodable(name, 'is not UTF-8')
    return text
  }
}

function isOfBinding(name: string): boolean {
  return name.startsWith(PREFIX) || isContentType(name) || isContentEncoding(name)
}

/** What comes several times and says the same each time says one thing. */
function sameOf(header: Header): Header {
  if (header instanceof Uint8Array || header === null || header === undefined) return header
  const [first, ...others] = header
  return first && others.every((other) => other && Buffer.compare(first, other) === 0) ? first : header
}

/** A header with several values, or without one. */
function severalAsJson(values: null | readonly HeaderValue[] | undefined): string {
  return JSON.stringify(values?.map((value) => value && textOfBytes(value)) ?? null)
}

function isText(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(text).equals(bytes)
}

function isContentType(name: string): boolean {
  return name.length === CONTENT_TYPE.length && name.toLowerCase() === CONTENT_TYPE
}

function undecodable(header: string, why: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `The header ${JSON.stringify(header)} of the record ${why}.`, {
    hint: 'Fix the producer.',
  })
}
