import type { BoosterConfig, EventInterface, ProviderLibrary } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Topology } from '../declare'
import { dispatch, typesOf } from '../receive'
import type { Link, Outcome } from '../receive'
import { unpack } from '../state'
import { derived } from './compatibility'
import { BoosterEffects } from './events/effects'
import type { MarkingOutbox } from './events/effects'
import { BoosterEventStore } from './events/event-store'
import { topologyOfApp } from './install'
import type { PackedDelayed } from './later'
import { storedEvent } from './events/stored-envelope'
import type { StreamedEnvelope } from './events/stored-envelope'

/**
 * An event that a handler registered, and that nobody stored.
 * @experimental
 */
export interface RegisteredEvent {
  /** The handler class's name. */
  readonly handler: string
  /** The event class's name. */
  readonly typeName: string
  /** What it would be called on the wire. */
  readonly wireType: string
  /** An instance of its class. */
  readonly event: EventInterface
  /** Addresses, with their topics, that it would be streamed to once it were stored. */
  readonly streamedTo: readonly string[]
  /** When it would be stored; undefined: at once. */
  readonly dueAt?: Date
}

/**
 * Gives an event to the handlers of an app that is loaded in this process, as a receiver would, and resolves with what they registered.
 * Nothing is stored, published or started: for tests of a service by itself.
 *
 * Rejects as the first handler does that fails, with the reason where the event can be given to nobody, and with `OPTION_INVALID`
 * where no handler listens to the address, and where none of those that do takes events of its type.
 * @internal
 */
export async function runStreamedHandlers(
  config: BoosterConfig,
  address: string,
  external: ExternalEvent
): Promise<RegisteredEvent[]> {
  const topology = topologyOfApp(config)
  const links = topology?.received.get(address)
  if (!topology || !links) throw nobodyListens(address, [...(topology?.received.keys() ?? [])])
  const { links: concerned, refused } = dispatch(external, links)
  if (refused) throw refused
  if (concerned.length === 0) throw nobodyTakes(address, external, links)
  const effects = effectsOf(config, topology)
  const registered: RegisteredEvent[] = []
  for (const link of concerned) {
    const outcome = await effects.run(link as (typeof links)[number], external)
    if (outcome) registered.push(...registeredIn(outcome, config, topology, link.handler))
  }
  return registered
}

function registeredIn(
  { packed, marks }: Outcome,
  config: BoosterConfig,
  topology: Topology,
  handler: string
): RegisteredEvent[] {
  const { envelopes } = unpack(packed) as { envelopes: StreamedEnvelope[] }
  const registered = (envelope: StreamedEnvelope): RegisteredEvent => {
    const { typeName, wireType = typeName, value } = storedEvent(config, envelope, {})
    return { handler, typeName, wireType, event: value, streamedTo: topology.published.get(typeName) ?? [] }
  }
  const delayed = marks.flatMap((change) => {
    if (change.do !== 'set-timer') return []
    const { envelope } = unpack(change.timer.content) as PackedDelayed
    return [{ ...registered(envelope), dueAt: new Date(change.timer.dueAt) }]
  })
  return [...envelopes.map(registered), ...delayed]
}

/** Effects whose outcomes nobody stores. The app's provider is not even loaded: the local one would look for the app's folder. */
function effectsOf(config: BoosterConfig, topology: Topology): BoosterEffects {
  const provider = { events: {} } as ProviderLibrary
  const outbox: MarkingOutbox = {
    publishes: (typeName) => (topology.published.get(typeName) ?? []).length > 0,
    marksFor: () => [],
    storeMarked: async (_, store) => store(),
    timersSet: () => undefined,
  }
  return new BoosterEffects(derived(config, { provider }), new BoosterEventStore(config), outbox, async () => [])
}

function nobodyTakes(address: string, { metadata }: ExternalEvent, links: readonly Link[]): StreamerError {
  const type = metadata?.type ?? 'without a type'
  const known = new Set(links.flatMap(typesOf))
  return new StreamerError('OPTION_INVALID', `No handler that listens to '${address}' takes an event ${type}.`, {
    at: address,
    hint: `The handlers there take ${[...known].join(' or ')}. The type of an event is the static eventType of its class or, without one, the name of the class.`,
  })
}

function nobodyListens(address: string, known: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', `No handler of this app listens to '${address}'.`, {
    hint:
      known.length === 0
        ? 'Load the app first.'
        : `There are handlers for ${known.map((one) => `'${one}'`).join(', ')}.`,
  })
}
