import type { StreamerCapabilities } from './streamer-connector'
import { StreamerError } from './streamer-error'

/** What ordering includes: a topic in order has its keys in order. */
const ORDERING_RANK = { none: 0, key: 1, topic: 2 }

/**
 * Whether a streamer of these capabilities offers what an event requires; one that declares nothing offers nothing.
 * @internal
 */
export function offersCapability(
  capabilities: Partial<StreamerCapabilities> | undefined,
  capability: string,
  wanted: unknown
): boolean {
  if (wanted === undefined || wanted === false) return true
  if (!capabilities) return false
  if (capability !== 'ordering') return capabilities[capability as keyof StreamerCapabilities] === wanted
  return ORDERING_RANK[capabilities.ordering ?? 'none'] >= ORDERING_RANK[wanted as StreamerCapabilities['ordering']]
}

/**
 * An event and a streamer that does not offer what the event requires.
 * @internal
 */
export interface MissingCapability {
  /** The name of the event's class. */
  readonly event: string
  readonly capability: string
  readonly wanted: unknown
  readonly streamerId: string
  /** Where the event is declared. */
  readonly at: string
  /** Streamers of the same service that offer it. */
  readonly able: readonly string[]
}

/**
 * `CAPABILITY_MISSING`, in the words that a service says at boot, and a look at its sources before.
 * @internal
 */
export function missingCapability({
  event,
  capability,
  wanted,
  streamerId,
  at,
  able,
}: MissingCapability): StreamerError {
  return new StreamerError(
    'CAPABILITY_MISSING',
    `${event} requires ${capability} = ${String(wanted)}, which the streamer '${streamerId}' does not offer.`,
    {
      at,
      hint:
        able.length > 0
          ? `Stream it to ${able.map((id) => `'${id}'`).join(' or ')} instead.`
          : 'No configured streamer offers it: add one that does, or require less.',
    }
  )
}
