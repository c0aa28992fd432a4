import { randomUUID } from 'node:crypto'
import { sourceIdentity } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { storable } from './storable'

/** What an event is known by in the inbox. */
export interface Identity {
  readonly source: string
  readonly id: string
}

/**
 * The event's own source and id, which only together are unique (CloudEvents 1.0 §3.1.1): two producers that know nothing of each other may both
 * count from 1, so an id alone identifies nothing. Without both, the event's place at the broker, or its position where positions are stable (kept
 * by the receiver); else nothing that would be the same at a redelivery, so that it is handled at least once.
 */
export function identityOf(event: ExternalEvent, address: string, stablePositions: boolean): Identity {
  const { id, source } = event.metadata ?? {}
  if (id && source) return { source: storable(sourceIdentity(source)), id: storable(id) }
  if (event.positionId !== undefined) return { source: event.streamerId, id: event.positionId }
  if (stablePositions && event.eventId !== undefined) return { source: `position:${address}`, id: event.eventId }
  return { source: `delivery:${address}`, id: randomUUID() }
}

/** What orders an event, as the state has it. */
export function laneKey({ metadata }: ExternalEvent): string | undefined {
  return metadata?.key === undefined ? undefined : storable(metadata.key)
}
