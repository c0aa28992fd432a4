import { StreamerError } from '../../contract'
import { hasUtf8Form } from '../../envelope'
import type { EventMetadata, WireMessage } from '../../contract'
import { isContentEncoding } from './content-encoding'

/**
 * What errors name an event by: its type, or `event` where it has none.
 * @internal
 */
export function shownType({ type = 'event' }: Pick<EventMetadata, 'type'>): string {
  return type
}

/** Throws `EVENT_NOT_ENCODABLE`, naming what it is, for what stands beside an event's body and cannot be carried as it is by any broker. */
export function assertCarriable({ headers, attributes, key = '' }: Omit<WireMessage, 'body'>, at: string): void {
  assertHeaders(headers, at)
  for (const name in attributes) if (!hasUtf8Form(attributes[name])) throw notWellFormed(name, at)
  if (!hasUtf8Form(key)) throw notWellFormed('key', at)
}

function notWellFormed(name: string, at: string): StreamerError {
  return new StreamerError(
    'EVENT_NOT_ENCODABLE',
    `The event's ${name} is not well-formed text: half of a pair of UTF-16.`,
    {
      at,
      hint: 'Use well-formed text for the ids of events and entities.',
    }
  )
}

function assertHeaders(headers: Readonly<Record<string, unknown>>, at: string): void {
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string') throw headerRefused(name, `its value is no text but ${typeOf(value)}`, at)
    if (!hasUtf8Form(name) || !hasUtf8Form(value)) throw headerRefused(name, 'it is not well-formed text', at)
    // The codec's to say, and taken for that wherever it stands.
    if (isContentEncoding(name)) throw headerRefused(name, 'it would say that the body is packed', at)
  }
}

/**
 * The error for a header that cannot be carried: what `publish` rejects with. The header's value is not told.
 * @internal
 */
export function headerRefused(name: string, why: string, at: string): StreamerError {
  return new StreamerError('EVENT_NOT_ENCODABLE', `The header ${JSON.stringify(name)} cannot be sent: ${why}.`, {
    at,
    hint: 'Rename the header, or put its value into the event.',
  })
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
