import { Register, UUID } from '@boostercloud/framework-types'
import type { BoosterConfig, EventEnvelope, NonPersistedEventEnvelope } from '@boostercloud/framework-types'
import { newEventId } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { HandlerClass, HandlerLink } from '../../declare'
import { activeTrace } from '../../observe'
import type { Outbox } from '../../publish'
import type { Effects, Outcome } from '../../receive'
import { pack, unpack } from '../../state'
import type { EventContext, StateChange } from '../../state'
import { askGlobalErrorHandler, dispatchStored, envelopesOf } from '../compatibility'
import type { BoosterEventStore } from './event-store'
import { eventFor } from './event-for'
import { externalEnvelope } from './external-envelope'
import { splitDelayed } from '../later/split-delayed'
import { assertStreamable, named, storedEvent, storedTimes } from './stored-envelope'
import type { StreamedEnvelope } from './stored-envelope'

/** Stores envelopes as the provider does, unmarked. */
export type ProviderStore = (envelopes: NonPersistedEventEnvelope[]) => Promise<EventEnvelope[]>

/** What an outcome is in the inbox. */
interface PackedOutcome {
  readonly at: number
  readonly context: EventContext
  readonly envelopes: StreamedEnvelope[]
}

const UUID_FORM = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What effects ask of an outbox. */
export type MarkingOutbox = Pick<Outbox, 'publishes' | 'marksFor' | 'storeMarked' | 'timersSet'>

/** Runs streamed handlers in a Booster service, and stores what they registered. */
export class BoosterEffects implements Effects {
  public constructor(
    private readonly config: BoosterConfig,
    private readonly events: BoosterEventStore,
    private readonly outbox: MarkingOutbox,
    private readonly store: ProviderStore
  ) {}

  public async run(link: HandlerLink, external: ExternalEvent): Promise<Outcome | undefined> {
    return this.runBatch(link, [external])
  }

  public async runBatch(link: HandlerLink, externals: readonly ExternalEvent[]): Promise<Outcome | undefined> {
    const events = await Promise.all(externals.map((external) => eventFor(this.config, link, external)))
    const context = contextOf(externals[0])
    const collected: NonPersistedEventEnvelope[] = []
    const collect = async (register: Register): Promise<void> => {
      collected.push(...(await envelopesOf(this.config, register)))
    }
    const requestId = requestIdOf(context)
    const register = new Register(requestId, {}, collect)
    try {
      await callHandler(link.declaration.handlerClass, events, register)
    } catch (error) {
      const left = await askGlobalErrorHandler(this.config, events[0], asError(error), () =>
        externalEnvelope(externals[0], { link, requestId, event: events[0] })
      )
      if (left) throw left
    }
    await collect(register)
    if (collected.length === 0) return undefined
    const publishes = (typeName: string): boolean => this.outbox.publishes(typeName)
    const { now, changes } = splitDelayed(this.config, collected, { publishes, contextOf: () => context })
    for (const envelope of now) if (this.outbox.publishes(envelope.typeName)) assertStreamable(envelope)
    const envelopes = now.map((envelope) => named(envelope, newEventId(), context))
    return this.outcome({ at: Date.now(), context, envelopes }, envelopes, { timers: changes })
  }

  public async resume(packed: Uint8Array): Promise<Outcome> {
    const outcome = unpack(packed) as PackedOutcome
    const stored = await this.events.envelopes(
      outcome.envelopes.map(({ streamsId, entityTypeName, entityID }) => ({
        id: streamsId,
        entityTypeName,
        entityId: String(entityID),
        // All of the entity: by a clock that was wrong, an event can be older in the store than its outcome, and would be stored twice.
        since: 0,
      }))
    )
    return this.outcome(
      outcome,
      outcome.envelopes.filter(({ streamsId }) => !stored.has(streamsId)),
      // Its timers were set when it was written.
      { stored: [...stored.values()] }
    )
  }

  /** `stored`: what an earlier run has stored, whose process may have died before Booster dispatched it. */
  private outcome(
    outcome: PackedOutcome,
    toStore: StreamedEnvelope[],
    { stored = [], timers = [] }: { readonly stored?: EventEnvelope[]; readonly timers?: readonly StateChange[] }
  ): Outcome {
    const events = toStore.map((envelope) => storedEvent(this.config, envelope, outcome.context))
    return {
      packed: pack(outcome),
      marks: [...this.outbox.marksFor(events), ...timers],
      store: async () => {
        if (stored.length > 0) await dispatchStored(this.config, stored)
        if (toStore.length > 0) await this.outbox.storeMarked(events, () => this.store(toStore), storedTimes)
        this.outbox.timersSet(timers)
      },
    }
  }
}

function callHandler(handlerClass: HandlerClass, events: unknown[], register: Register): Promise<void> {
  return 'handleBatch' in handlerClass
    ? handlerClass.handleBatch(events, register)
    : handlerClass.handle(events[0], register)
}

/** What a handler's events come of: the request and the trace go on, the cause is the event it handles. */
function contextOf({ metadata }: ExternalEvent): EventContext {
  return {
    correlationId: metadata?.correlationId,
    causationId: metadata?.id,
    traceparent: metadata?.traceparent,
    tracestate: metadata?.tracestate,
    ...activeTrace(),
  }
}

/** A request id from outside is taken where it is one of Booster's form; who the user is never is. */
function requestIdOf({ correlationId }: EventContext): UUID {
  return correlationId !== undefined && UUID_FORM.test(correlationId) ? (correlationId as UUID) : UUID.generate()
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
