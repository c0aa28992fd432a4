import type { WireMessage } from '../../contract'

/**
 * The header of a body's encoding (RFC 9110 §8.4), where a broker has no other place for it.
 * @internal
 */
export const CONTENT_ENCODING = 'content-encoding'

type Headers = WireMessage['headers']

/**
 * Headers with the content encoding among them, for a broker that has no other place for it.
 * @internal
 */
export function withContentEncoding({ headers, contentEncoding }: WireMessage): Headers {
  return contentEncoding === undefined ? headers : { ...headers, [CONTENT_ENCODING]: contentEncoding }
}

/**
 * The inverse: headers, and the content encoding that was among them.
 * @internal
 */
export function splitContentEncoding(all: Headers): Pick<WireMessage, 'headers' | 'contentEncoding'> {
  for (const name in all) {
    if (!isContentEncoding(name)) continue
    const { [name]: contentEncoding, ...headers } = all
    return { headers, contentEncoding }
  }
  return { headers: all }
}

/**
 * Whether a header says what the body is packed with.
 * @internal
 */
export function isContentEncoding(name: string): boolean {
  return name.length === CONTENT_ENCODING.length && name.toLowerCase() === CONTENT_ENCODING
}
