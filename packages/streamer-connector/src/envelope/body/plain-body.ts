import type { WireMessage } from '../../contract'
import { charsetOf, textOf } from './charset'
import { decodeJson } from '../json/json-body'
import type { JsonNumbers } from '../json/json-numbers'

const JSON_TYPE = /^\s*[\w.+-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i
const TEXT_TYPE = /^\s*text\//i

/**
 * A body as what its content type says: JSON, text, or else bytes. Without a content type it is JSON, as most producers write. JSON and text are read by
 * the charset that is named there, as UTF-8 where none is. Throws `EVENT_UNDECODABLE` for JSON that is none, and for bytes that are no text.
 */
export function decodeBody(
  { body, contentType }: Pick<WireMessage, 'body' | 'contentType'>,
  numbers?: JsonNumbers
): unknown {
  if (contentType === undefined || JSON_TYPE.test(contentType)) return decodeJson(inUtf8(body, contentType), numbers)
  if (TEXT_TYPE.test(contentType)) return textOf(body, charsetOf(contentType))
  return body
}

/** JSON is UTF-8 (RFC 8259 §8.1); who writes another charset is taken at their word. */
export function inUtf8(body: Uint8Array, contentType: string | undefined): Uint8Array {
  const charset = charsetOf(contentType)
  return charset === undefined || charset === 'utf-8' ? body : Buffer.from(textOf(body, charset))
}
