import { isPartialPublishError, isStreamerError, stamped } from '@boostercloud/streamer-connector'
import type { StreamerError, StreamerErrorCode } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import type { EventContext } from '../state'
import type { StoredEvent } from './stored-event'

/**
 * An event as a connector is given it, for one address: an object of its own, with what the wire needs besides its fields beside
 * it. `markedAt`, milliseconds since 1970, is its time where its store does not say when it stored it.
 */
export function publishable(
  event: StoredEvent,
  source: string,
  context: EventContext,
  markedAt: number
): EventInterface {
  return stamped(event.value, {
    id: event.id,
    type: event.wireType ?? event.typeName,
    version: event.version,
    source,
    subject: event.entityId,
    key: event.key,
    time: new Date(event.storedAt ?? markedAt).toISOString(),
    ...context,
  })
}

/** What became of events that were not all confirmed, by their places. */
export interface Unconfirmed {
  /** To be sent again. */
  readonly failed: readonly { readonly index: number; readonly error: unknown }[]
  /** Never to be taken. */
  readonly refused: readonly { readonly index: number; readonly error: Error }[]
}

/** What an error says of each of so many events; undefined: some of them can never be taken, and which is found by sending them one by one. */
export function unconfirmed(error: unknown, count: number): Unconfirmed | undefined {
  if (isPartialPublishError(error)) {
    return {
      failed: error.failed.filter((one) => !isNeverTaken(one.error)),
      refused: error.failed.filter((one) => isNeverTaken(one.error)),
    }
  }
  if (!isPermanent(error))
    return { failed: Array.from({ length: count }, (_, index) => ({ index, error })), refused: [] }
  return count === 1 ? { failed: [], refused: [{ index: 0, error }] } : undefined
}

/** Codes of what may pass although nobody may try again at once: they say nothing of an event. */
const NOT_OF_AN_EVENT: readonly StreamerErrorCode[] = [
  'STREAMER_FORBIDDEN',
  'STREAMER_UNAVAILABLE',
  'CLOSED',
  'OPTION_INVALID',
  'DECLARATION_CONFLICT',
  'PACKAGE_MISSING',
]

/** Whether what one event of a batch failed with says that it will never be taken. */
export function isNeverTaken({ code, retryable }: StreamerError): boolean {
  return !retryable && !NOT_OF_AN_EVENT.includes(code)
}

/** Refusals of this very event, as against everything that may pass. */
export function isPermanent(error: unknown): error is StreamerError {
  return isStreamerError(error, 'EVENT_TOO_LARGE') || isStreamerError(error, 'EVENT_NOT_ENCODABLE')
}
