import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import type { StreamerError, WireMessage } from '../../contract'
import { charsetOf, isCharset } from './charset'
import { undecodable } from './undecodable'

/**
 * Bytes that a packed body may have unpacked, unless the streamer's events may have more: 16 MiB.
 * @internal
 */
export const MOST_UNPACKED_BYTES = 16 * 1024 * 1024

type Unpack = (body: Uint8Array, most: number) => Uint8Array

/** Content codings (RFC 9110 §8.4.1) that are read. */
const UNPACK: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['gzip', (body, maxOutputLength) => gunzipSync(body, { maxOutputLength })],
  ['x-gzip', (body, maxOutputLength) => gunzipSync(body, { maxOutputLength })],
  ['deflate', inflated],
  ['br', (body, maxOutputLength) => brotliDecompressSync(body, { maxOutputLength })],
])
/** No encoding; `binary` and the like are what Python's kombu calls it. */
const NONE = /^(?:|identity|binary|[78]bit)$/
/** What the name of an encoding may be, to be told in an error. */
const NAME = /^[\w.+-]{1,40}$/

/**
 * A message with its body as it was before anything was done to it for the way: unpacked by its content encoding, and decoded where CloudEvents 0.3 says that
 * it is Base64 (`datacontentencoding`). The same message where there is nothing to do. A content encoding that names a charset, as Spring and Celery write, is
 * taken for that. `mostBytes`: what it may have unpacked. Throws `EVENT_UNDECODABLE`.
 */
export function unpacked(message: WireMessage, mostBytes = MOST_UNPACKED_BYTES): WireMessage {
  const { contentEncoding, attributes } = message
  const plain = contentEncoding === undefined ? message : withoutEncoding(message, contentEncoding, mostBytes)
  if (attributes.datacontentencoding === undefined || !isBase64(attributes)) return plain
  return { ...plain, body: bytesOfBase64(Buffer.from(plain.body).toString('latin1'), 'The body') }
}

/**
 * Whether CloudEvents' attribute `datacontentencoding` says that the data is Base64 (0.3 §3.1.1, where it may say nothing else). Before 1.0 only: in 1.0 nothing
 * has that name. Throws `EVENT_UNDECODABLE` for another encoding, naming it.
 */
export function isBase64({ specversion = '', datacontentencoding }: WireMessage['attributes']): boolean {
  if (datacontentencoding === undefined || !specversion.startsWith('0.')) return false
  const name = datacontentencoding.trim().toLowerCase()
  if (name !== 'base64' && !NONE.test(name)) throw unknownEncoding('datacontentencoding', name, 'Base64')
  return name === 'base64'
}

/** The bytes of Base64 text (RFC 4648 §4). Throws `EVENT_UNDECODABLE` for any other. */
export function bytesOfBase64(text: unknown, what: string): Uint8Array {
  const bytes = Buffer.from(typeof text === 'string' ? text : '', 'base64')
  if (bytes.toString('base64') === text) return bytes
  throw undecodable(`${what} is not Base64 (RFC 4648 §4)`, 'Fix the producer.')
}

function withoutEncoding(message: WireMessage, encoding: string, most: number): WireMessage {
  const name = encoding.trim().toLowerCase()
  const unpack = UNPACK.get(name)
  if (unpack !== undefined) return { ...message, body: unpackedBy(unpack, message.body, { name, most }) }
  if (NONE.test(name)) return message
  if (isCharset(name)) return withCharset(message, name)
  throw unknownEncoding('content encoding', name, 'gzip, deflate, br')
}

function withCharset(message: WireMessage, charset: string): WireMessage {
  const { contentType } = message
  if (contentType === undefined || charsetOf(contentType) !== undefined) return message
  return { ...message, contentType: `${contentType}; charset=${charset}` }
}

function unpackedBy(unpack: Unpack, body: Uint8Array, { name, most }: { name: string; most: number }): Uint8Array {
  try {
    return unpack(body, most)
  } catch (thrown) {
    // Without a cause: it may quote what it read.
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE')
      throw undecodable(`The body is declared as ${name}, and is not`, 'Fix the producer.')
    const hint = 'Publish a reference to the large part, or smaller events.'
    throw undecodable(`The body is ${name} of more than ${most} bytes`, hint)
  }
}

/** With zlib's frame, as RFC 9110 §8.4.1.2 has it, or without, as many write it. */
function inflated(body: Uint8Array, maxOutputLength: number): Uint8Array {
  const hasFrame = body.length >= 2 && (body[0] & 0x0f) === 8 && ((body[0] << 8) | body[1]) % 31 === 0
  return (hasFrame ? inflateSync : inflateRawSync)(body, { maxOutputLength })
}

function unknownEncoding(what: string, name: string, known: string): StreamerError {
  const named = NAME.test(name) ? `The ${what} '${name}'` : `Its ${what}`
  return undecodable(`${named} is not supported`, `Let the producer use ${known}, or no encoding.`)
}
