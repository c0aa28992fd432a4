import type { StreamerFacts } from './streamer-connector'
import { StreamerError } from './streamer-error'

/** What ordering includes: a topic in order has its keys in order. */
const ORDERING_RANK = { none: 0, key: 1, topic: 2 }

/** Whether a streamer of these facts offers what an event requires; one that declares nothing offers nothing. */
export function offersFact(facts: Partial<StreamerFacts> | undefined, fact: string, wanted: unknown): boolean {
  if (wanted === undefined || wanted === false) return true
  if (!facts) return false
  if (fact !== 'ordering') return facts[fact as keyof StreamerFacts] === wanted
  return ORDERING_RANK[facts.ordering ?? 'none'] >= ORDERING_RANK[wanted as StreamerFacts['ordering']]
}

/** An event and a streamer that does not offer what the event requires. */
export interface MissingFact {
  /** The name of the event's class. */
  readonly event: string
  readonly fact: string
  readonly wanted: unknown
  readonly streamerId: string
  /** Where the event is declared. */
  readonly at: string
  /** Streamers of the same service that offer it. */
  readonly able: readonly string[]
}

/** `FACT_MISSING`, in the words that a service says at boot, and a look at its sources before. */
export function missingFact({ event, fact, wanted, streamerId, at, able }: MissingFact): StreamerError {
  return new StreamerError(
    'FACT_MISSING',
    `${event} requires ${fact} = ${String(wanted)}, which the streamer '${streamerId}' does not offer.`,
    {
      at,
      mend:
        able.length > 0
          ? `Stream it to ${able.map((id) => `'${id}'`).join(' or ')} instead.`
          : 'No configured streamer offers it: add one, or require less.',
    }
  )
}
