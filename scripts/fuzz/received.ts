import { strict as assert } from 'node:assert'
import type { EventMetadata, ExternalEvent } from '@boostercloud/streamer-connector'

/** An event that a connector has handed out. */
export type ReceivedEvent = ExternalEvent & { readonly eventId: string; readonly metadata: EventMetadata }

/** An event that is as connectors hand them out. */
export function asReceived(event: ExternalEvent): ReceivedEvent {
  const { eventId, metadata } = event
  assert.ok(eventId !== undefined && metadata !== undefined, 'it has an id and metadata')
  return { ...event, eventId, metadata }
}
