import type { EventEnvelope, EventInterface, UUID } from '@boostercloud/framework-types'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { HandlerLink } from '../../declare'

/** What there is to say of an event beside its metadata. */
export interface EnvelopeParts {
  readonly link: HandlerLink
  readonly requestId: UUID
  /** As the handler was given it. */
  readonly event: unknown
}

/**
 * An event that came from a streamer, in the envelope that Booster's own events have, for the app's global error handler. `entityTypeName` is the address
 * it came from, as no entity of this service has it; `entityID` what it is about, or its key.
 */
export function externalEnvelope(
  { metadata = {} }: ExternalEvent,
  { link, requestId, event }: EnvelopeParts
): EventEnvelope {
  const { id, type, version = 1, subject, key, time } = metadata
  const envelope = {
    kind: 'event' as const,
    superKind: 'domain' as const,
    version,
    typeName: link.declaration.eventClass?.name ?? type ?? 'unknown',
    entityTypeName: link.address,
    entityID: (subject ?? key ?? id ?? 'unknown') as UUID,
    requestID: requestId,
    value: event as EventInterface,
    createdAt: time ?? new Date().toISOString(),
  }
  return Object.assign(envelope, { streamsId: id })
}
