import { StreamerError } from '../contract'
import { isContentEncoding } from './content-encoding'

/** Matches half of a pair of UTF-16 only: that has no form in UTF-8, and would arrive as another character. */
const NOT_WELL_FORMED = /\p{Surrogate}/u

/** Throws `EVENT_NOT_ENCODABLE`, naming the header, for headers of an event that no broker can carry as they are. */
export function assertCarriable(headers: Readonly<Record<string, unknown>>, at: string): void {
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string') throw headerRefused(name, `its value is no text but ${typeOf(value)}`, at)
    if (NOT_WELL_FORMED.test(name) || NOT_WELL_FORMED.test(value))
      throw headerRefused(name, 'it is not well-formed text', at)
    // The codec's to say, and taken for that wherever it stands.
    if (isContentEncoding(name)) throw headerRefused(name, 'it would say that the body is packed', at)
  }
}

/** The error for a header that cannot be carried: what `publish` rejects with. The header's value is not told. */
export function headerRefused(name: string, why: string, at: string): StreamerError {
  return new StreamerError('EVENT_NOT_ENCODABLE', `The header ${JSON.stringify(name)} cannot be sent: ${why}.`, {
    at,
    hint: 'Rename the header, or put its value into the event.',
  })
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
