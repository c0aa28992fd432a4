import { isUtf8 } from 'node:buffer'
import {
  CONTENT_ENCODING,
  StreamerError,
  attributeHeaders,
  headerRefused,
  isContentEncoding,
} from '@boostercloud/streamer-connector'
import type { DecodedEvent, ReadMessage, WireMessage } from '@boostercloud/streamer-connector'
import type { HeaderValue, OutgoingRecord, ReadRecord } from './driver'

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

/** A message as a record. Throws `EVENT_NOT_ENCODABLE` for a header of the user's that has a name of the binding's. */
export function toRecord(message: WireMessage, at = 'event'): EncodedRecord {
  const { body, contentType, contentEncoding, attributes, headers, key } = message
  const all: Record<string, string> = {}
  let [bytes, count] = [body.byteLength, 0]
  const add = (name: string, value: string | undefined): void => {
    if (value === undefined) return
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value)
    count += 1
    define(all, name, value)
  }
  for (const name in headers) add(carriable(name, at), headers[name])
  add(CONTENT_TYPE, contentType)
  add(CONTENT_ENCODING, contentEncoding)
  for (const name in attributes) add(headerOf.get(name) ?? PREFIX + name, attributes[name])
  const keyBytes = key === undefined ? null : Buffer.from(key, 'utf8')
  bytes += keyBytes?.byteLength ?? 0
  const value = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return {
    record: { key: keyBytes, value, headers: all },
    bytes,
    bytesInBatch: bytes + RECORD_OVERHEAD + count * HEADER_OVERHEAD,
  }
}

/** A header of the user's under a name of the binding's would arrive as what the binding has there. */
function carriable(name: string, at: string): string {
  if (name.startsWith(PREFIX) || isContentType(name)) throw headerRefused(name, 'CloudEvents has this name', at)
  return name
}

type RecordParts = Pick<ReadRecord, 'key' | 'value' | 'headers' | 'unreadable'>

/** The body of a record that has none. */
export const NO_BODY = Buffer.alloc(0)

/**
 * A record as a message. A header that came several times, or without a value, arrives as JSON would write it (`["a","b"]`, `null`). What
 * cannot be read as what it is makes the record undecodable: a CloudEvents attribute that came several times or without a value, a header or a
 * key that is not UTF-8 (told as `base64:…`).
 */
export function toMessage({ key, value, headers, unreadable }: RecordParts): ReadMessage {
  if (unreadable !== undefined) throw unreadable
  const message = new Message(value ?? NO_BODY)
  for (const name in headers) message.add(name, headers[name])
  if (key !== null) message.key = message.read(key, 'The key')
  if (value === null) message.decoded = tombstone(message)
  return message
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
  public undecodable?: StreamerError = undefined
  public decoded?: DecodedEvent = undefined

  public constructor(public readonly body: Uint8Array) {}

  public add(name: string, header: HeaderValue | readonly HeaderValue[] | undefined): void {
    const text =
      header instanceof Uint8Array
        ? (textOf(header) ?? this.read(header, described(name)))
        : this.readSeveral(name, header)
    const attribute = attributeOf.get(name)
    if (attribute !== undefined) this.attributes[attribute] = text
    else this.put(name, text)
  }

  /** As text, or told as `base64:…`. */
  public read(bytes: Uint8Array, what: string): string {
    const text = textOf(bytes)
    if (text !== undefined) return text
    this.undecodable ??= undecodable(`${what} of the record is not UTF-8.`)
    return `base64:${Buffer.from(bytes).toString('base64')}`
  }

  private put(name: string, text: string): void {
    if (name.startsWith(PREFIX)) define(this.attributes, name.slice(PREFIX.length), text)
    else if (isContentType(name)) this.contentType = text
    else if (isContentEncoding(name)) this.contentEncoding = text
    else define(this.headers, name, text)
  }

  /** A header with several values, or without one. */
  private readSeveral(name: string, values: null | readonly HeaderValue[] | undefined): string {
    if (name.startsWith(PREFIX) || isContentType(name) || isContentEncoding(name)) {
      this.undecodable ??= undecodable(`${described(name)} of the record has not one value.`)
    }
    return JSON.stringify(values?.map((value) => value && this.read(value, described(name))) ?? null)
  }
}

function isContentType(name: string): boolean {
  return name.length === CONTENT_TYPE.length && name.toLowerCase() === CONTENT_TYPE
}

function described(header: string): string {
  return `The header ${JSON.stringify(header)}`
}

/** A name from outside may be that of a setter. */
function define(target: Record<string, string>, name: string, value: string): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true })
  else target[name] = value
}

/**
 * Undefined where it is not UTF-8. Decoding without the check is faster; what it puts in place of a fault shows where to look. Naming the
 * encoding would cost as much again.
 */
function textOf(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString()
  return text.includes('\uFFFD') && !isUtf8(buffer) ? undefined : text
}

function undecodable(what: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', what, { hint: 'Fix the producer.' })
}
