import type { WireMessage } from './codec'
import { decodeJson } from './json-body'
import type { JsonNumbers } from './json-numbers'

const JSON_TYPE = /^\s*[\w.+-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i
const TEXT_TYPE = /^\s*text\//i

/**
 * A body as what its content type says: JSON, text, or else bytes. Without a content type it is JSON, as most producers write.
 * Throws `EVENT_UNDECODABLE` for JSON that is none.
 */
export function decodeBody(
  { body, contentType }: Pick<WireMessage, 'body' | 'contentType'>,
  numbers?: JsonNumbers
): unknown {
  if (contentType === undefined || JSON_TYPE.test(contentType)) return decodeJson(body, numbers)
  if (TEXT_TYPE.test(contentType)) return Buffer.from(body).toString('utf8')
  return body
}
