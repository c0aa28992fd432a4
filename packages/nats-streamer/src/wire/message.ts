import { headers } from '@nats-io/nats-core'
import type { Msg, MsgHdrs } from '@nats-io/nats-core'
import { StreamerError, headerRefused, isContentEncoding, textOfBytes, setOwn } from '@boostercloud/streamer-connector'
import type { EventPlace, ReadMessage, RecordForm, WireMessage } from '@boostercloud/streamer-connector'
import { percentDecode, percentEncode } from './percent'

/** CloudEvents' NATS binding 1.0.3 §3.1.3.1. */
const CE = 'ce-'
const CE_CONTENT_TYPE = 'ce-datacontenttype'
const CONTENT_TYPE = 'Content-Type'
const CONTENT_ENCODING = 'Content-Encoding'
/** Where the key is not what CloudEvents' `partitionkey` or `subject` says. */
const KEY = 'Message-Key'
const OF_THE_SERVER = /^nats-/i
const OF_THE_BINDING = /^(?:nats-|ce-|content-type$|content-encoding$|message-key$)/i
/** ADR-4 of NATS: printable ASCII without the colon. */
const NAME = /^[!-9;-~]+$/
/** What would end the line of a header. */
const END_OF_LINE = /[\r\n]/

/**
 * What stands beside the body of a message, as CloudEvents' NATS binding has it in binary mode (§3.1.2): attributes are percent-encoded, everything else is
 * as it is. Throws `EVENT_NOT_ENCODABLE` for a header that NATS cannot carry, or that has a name of the binding's or of the server's.
 */
export function headersOf(message: WireMessage, at: string): MsgHdrs {
  const { attributes, headers: own, key } = message
  const written = headers()
  for (const name in attributes) written.append(CE + name, percentEncode(attributes[name]))
  writeContent(written, message)
  if (key && key !== (attributes.partitionkey ?? attributes.subject)) written.append(KEY, carriable(KEY, key, at))
  for (const name in own) {
    if (!NAME.test(name)) throw noHeader(name, at)
    // It would arrive as what the binding has there, or be the server's to read.
    if (OF_THE_BINDING.test(name)) throw headerRefused(name, 'NATS or CloudEvents has this name', at)
    written.append(name, carriable(name, own[name], at))
  }
  return written
}

function writeContent(written: MsgHdrs, { attributes, contentType, contentEncoding }: WireMessage): void {
  if (contentType !== undefined) {
    // In binary mode the content type is an attribute; a header of that name tells of structured mode (§3).
    if (attributes.specversion === undefined) written.append(CONTENT_TYPE, contentType)
    else written.append(CE_CONTENT_TYPE, percentEncode(contentType))
  }
  if (contentEncoding !== undefined) written.append(CONTENT_ENCODING, contentEncoding)
}

function carriable(name: string, value: string, at: string): string {
  if (END_OF_LINE.test(value)) throw headerRefused(name, 'a NATS header has one line, and the value has several', at)
  if (value !== value.trim()) throw headerRefused(name, 'NATS removes the blanks around it', at)
  return value
}

/** `NATS/1.0` with its line's end, and the empty line; without headers there is neither. */
const FRAME_BYTES = 12

/** The bytes of headers on the wire, of which a server's `max_payload` is to be kept too. */
export function sizeOfHeaders(written: MsgHdrs): number {
  let bytes = 0
  for (const [name, values] of written) for (const value of values) bytes += name.length + Buffer.byteLength(value) + 4
  return bytes === 0 ? 0 : FRAME_BYTES + bytes
}

/** A message, its place in the stream, and what tells it from all others of its topic where its position does not. */
export interface Placed {
  readonly message: Pick<Msg, 'data' | 'headers'>
  readonly positionId?: string
  readonly place: EventPlace
}

/** How messages of a stream are read. */
export const MESSAGES: RecordForm<Placed> = {
  toMessage: ({ message }) => toMessage(message),
  bodyOf: ({ message }) => message.data,
  positionIdOf: ({ positionId }) => positionId,
  placeOf: ({ place }) => place,
}

/** A message of a stream, from whatever producer. */
export function toMessage(received: Pick<Msg, 'data' | 'headers'>): ReadMessage {
  const parts = new Parts()
  const block = headerBlock(received as Unparsed)
  if (block === undefined) {
    for (const [name, values] of received.headers ?? []) for (const value of values) parts.put(name, value)
  } else readBlock(block, parts)
  const { contentType = parts.ceContentType, contentEncoding, attributes, headers, error } = parts
  const key = parts.key ?? (attributes.partitionkey || attributes.subject || undefined)
  return { body: received.data, contentType, contentEncoding, key, attributes, headers, undecodable: error }
}

/** `NATS/1.0`, then lines of `name: value` (https://docs.nats.io/reference/reference-protocols/nats-protocol#hpub). */
function readBlock(block: string, parts: Parts): void {
  let at = block.indexOf('\r\n') + 2
  for (let end = block.indexOf('\r\n', at); end > at; end = block.indexOf('\r\n', at)) {
    const colon = block.indexOf(':', at)
    if (colon > at && colon < end)
      parts.put(textOf(block.slice(at, colon)), textOf(block.slice(colon + 1, end).replace(BLANK, '')).trim())
    at = end + 2
  }
}

/** What the client keeps of a message, beside what it shows. */
interface Unparsed {
  readonly _msg?: { readonly hdr?: number }
  readonly _rdata?: Uint8Array
}

/**
 * The headers as they came. The client shows them only parsed, which takes as long as all else of a poll; where it no longer keeps them
 * like this, what it shows is taken.
 */
function headerBlock(received: Unparsed): string | undefined {
  const { _msg, _rdata } = received
  if (typeof _msg?.hdr !== 'number' || !(_rdata instanceof Uint8Array)) return undefined
  return Buffer.from(_rdata.buffer, _rdata.byteOffset, Math.max(0, _msg.hdr)).toString('latin1')
}

/** A message under construction. */
class Parts {
  public contentType?: string
  /** The same as an attribute, for a message that has no such header. */
  public ceContentType?: string
  public contentEncoding?: string
  public key?: string
  public readonly attributes: Record<string, string> = {}
  public readonly headers: Record<string, string> = {}
  public error?: StreamerError

  public put(name: string, value: string): void {
    if (!OF_THE_BINDING.test(name)) this.add(name, value)
    else if (!OF_THE_SERVER.test(name)) this.putOwn(name.toLowerCase(), value)
  }

  /** Headers of the binding. */
  private putOwn(name: string, value: string): void {
    if (name === 'content-type') this.contentType = this.same(this.contentType, value)
    else if (isContentEncoding(name)) this.contentEncoding = this.same(this.contentEncoding, value)
    else if (name === 'message-key') this.key = this.same(this.key, value)
    else if (name === CE_CONTENT_TYPE) this.ceContentType = this.same(this.ceContentType, this.decodeAttribute(value))
    else this.putAttribute(name.slice(CE.length), this.decodeAttribute(value))
  }

  private putAttribute(name: string, value: string): void {
    const known = Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined
    setOwn(this.attributes, name, this.same(known, value))
  }

  /** What is there several times says one thing only. */
  private same(known: string | undefined, value: string): string {
    if (known !== undefined && known !== value)
      this.error ??= undecodable('A CloudEvents attribute, or the NATS header for it, has two values')
    return known ?? value
  }

  /** One that comes several times is one with several values, as in HTTP (RFC 9110 §5.3). */
  private add(name: string, value: string): void {
    const known = Object.hasOwn(this.headers, name) ? this.headers[name] : undefined
    setOwn(this.headers, name, known === undefined ? value : `${known}, ${value}`)
  }

  /** §3.1.3.2: double quotes are taken away first, for producers that follow an earlier version. */
  private decodeAttribute(value: string): string {
    const quoted = value.startsWith('"') ? /^"((?:[^"\\]|\\.)*)"$/s.exec(value) : null
    const unquoted = quoted ? quoted[1].replace(/\\(.)/gs, '$1') : value
    try {
      return percentDecode(unquoted)
    } catch (cause) {
      this.error ??= undecodable('A CloudEvents header is not percent-encoded UTF-8', cause)
      return unquoted
    }
  }
}

const ASCII = /^[^\x80-\xff]*$/

const BLANK = /^[ \t]+|[ \t]+$/g

/** Bytes, one a character, as the UTF-8 that they are; else as `base64:…`, so that two headers that differ still do. */
function textOf(bytes: string): string {
  return ASCII.test(bytes) ? bytes : textOfBytes(Buffer.from(bytes, 'latin1'))
}

function undecodable(what: string, cause?: unknown): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `${what}.`, { hint: 'Fix the producer.', cause })
}

function noHeader(name: string, at: string): StreamerError {
  return new StreamerError(
    'EVENT_NOT_ENCODABLE',
    `NATS does not allow a header with the name ${JSON.stringify(name)}.`,
    {
      at,
      hint: 'Name headers with printable ASCII characters, without blanks and colons.',
    }
  )
}
