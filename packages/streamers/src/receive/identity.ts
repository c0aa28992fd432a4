import { randomUUID } from 'node:crypto'
import type { ExternalEvent } from '@boostercloud/streamer-connector'

/** What an event is known by in the inbox. */
export interface Identity {
  readonly source: string
  readonly id: string
}

/**
 * The event's own source and id; without an id its position, where positions are stable (kept by the receiver); else nothing that
 * would be the same at a redelivery, so that it is handled at least once.
 */
export function identityOf(event: ExternalEvent, address: string, stablePositions: boolean): Identity {
  const { id, source } = event.metadata ?? {}
  if (id !== undefined) return { source: source ?? event.streamerId, id }
  if (stablePositions && event.eventId !== undefined) return { source: `position:${address}`, id: event.eventId }
  return { source: `delivery:${address}`, id: randomUUID() }
}
