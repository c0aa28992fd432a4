import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import type { StreamerError } from '../../contract'
import { undecodable } from './undecodable'

/** A content type's parameter `charset` (RFC 9110 §5.6.6), quoted or not. */
const PARAMETER = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]*))/i
/** Labels that the WHATWG's Encoding Standard takes for windows-1252 and that are not. */
const ASCII = /^(?:us-)?ascii$|^ansi_x3\.4-19(?:68|86)$|^iso646-us$/
const LATIN_1 = /^(?:iso[-_]?8859[-_]?1(?::1987)?|latin-?1|l1|cp819|ibm819|iso-ir-100)$/
const WINDOWS_1252 = /^(?:windows-|cp|x-cp)1252$/
const UTF_8 = /^utf-?8$/
/** What a label may be, to be told in an error; anything else may be a piece of anything. */
const LABEL = /^[\w.:+-]{1,40}$/

/** What windows-1252 has at 0x80 to 0x9F, where Latin-1 has control characters. Not every Node's decoder knows. */
const WINDOWS_1252_HIGH =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

/** The charset that a content type names, in small letters; undefined where it names none. */
export function charsetOf(contentType: string | undefined): string | undefined {
  if (!contentType?.includes('=')) return undefined
  const [, quoted, plain] = PARAMETER.exec(contentType) ?? []
  return (quoted ?? plain)?.trim().toLowerCase() || undefined
}

/** Whether a charset is one that is read. */
export function isCharset(label: string): boolean {
  return ASCII.test(label) || decoderOf(label) !== undefined
}

/**
 * Bytes as text, by the charset that they are said to be in; default UTF-8. ISO-8859-1 and windows-1252 are two charsets here, UTF-16 obeys its byte
 * order mark, and everything else is what the Encoding Standard's label says. Throws `EVENT_UNDECODABLE` for bytes that are none in that charset, and
 * for a charset that nobody knows.
 */
export function textOf(bytes: Uint8Array, charset = 'utf-8'): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (UTF_8.test(charset)) {
    if (isUtf8(buffer)) return buffer.toString('utf8')
  } else if (ASCII.test(charset)) {
    if (isAscii(buffer)) return buffer.toString('latin1')
  } else if (LATIN_1.test(charset)) return buffer.toString('latin1')
  else if (WINDOWS_1252.test(charset)) return windows1252(buffer)
  else return decoded(buffer, charset)
  throw notIn(charset)
}

function windows1252(bytes: Buffer): string {
  const high = (character: string): string => WINDOWS_1252_HIGH[character.charCodeAt(0) - 0x80]
  return bytes.toString('latin1').replace(/[\x80-\x9f]/g, high)
}

function decoded(bytes: Buffer, charset: string): string {
  const decoder = decoderOf(charset === 'utf-16' ? utf16Of(bytes) : charset)
  if (decoder === undefined) {
    const named = LABEL.test(charset) ? `'${charset}'` : 'of its content type'
    throw undecodable(`The charset ${named} is not known`, 'Let the producer write UTF-8.')
  }
  try {
    return decoder.decode(bytes)
  } catch {
    throw notIn(charset)
  }
}

/** RFC 2781 §4.3, but without a byte order mark as the Encoding Standard has it. */
function utf16Of(bytes: Buffer): string {
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-16le'
}

function decoderOf(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label, { fatal: true })
  } catch {
    return undefined
  }
}

function notIn(charset: string): StreamerError {
  const named = LABEL.test(charset) ? charset.toUpperCase() : 'in its charset'
  return undecodable(`The body is not acceptable text: it is not ${named}`, 'Fix the producer.')
}
