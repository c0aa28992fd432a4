import { RegisterHandler } from '@boostercloud/framework-core'
import { BoosterGlobalErrorDispatcher } from '@boostercloud/framework-core/dist/booster-global-error-dispatcher'
import { RawEventsParser } from '@boostercloud/framework-core/dist/services/raw-events-parser'
import { createInstance } from '@boostercloud/framework-common-helpers'
import { EventHandlerGlobalError } from '@boostercloud/framework-types'
import type { BoosterConfig, EventEnvelope, GlobalErrorContainer, Register, UUID } from '@boostercloud/framework-types'
import type { Batch } from '../dispatch/batch'
import { currentDispatch, currentWork, inDispatch } from '../dispatch/contexts'
import type { EntityWork } from '../dispatch/entity-work'
import { entityKey } from '../events/append'
import { isDeleted } from '../events/deleted'

const OBSERVED = Symbol.for('@boostercloud/framework-provider-sql/observed')

type Observed<F> = F & { [OBSERVED]?: true }
/** Runs the handlers and projections of events of one entity. */
type RunEvents = (type: string, id: UUID, events: EventEnvelope[], config: BoosterConfig) => Promise<void>

/**
 * Booster calls, entity by entity, what runs handlers and projections, and swallows what that throws. From now on a dispatch of this provider is
 * told of it, and knows from which entity's events a call comes; handlers run one event after the other, whichever version of Booster it is.
 */
export function observeDispatches(): void {
  observeEntities()
  observeHandlerErrors()
  observeRegistering()
}

function observeEntities(): void {
  const original: Observed<typeof RawEventsParser.streamPerEntityEvents> = RawEventsParser.streamPerEntityEvents
  if (original[OBSERVED]) return
  const observed: typeof original = async (config, envelopes, callback) =>
    original.call(RawEventsParser, config, envelopes, (type, id, events) => {
      const { batch } = currentDispatch() ?? {}
      const work = batch?.works.get(entityKey(type, id))
      if (!batch || !work) return callback(type, id, events, config)
      return new EntityRun(config, batch, work, callback as RunEvents).carryOut(
        events.filter((each) => !isDeleted(each))
      )
    })
  observed[OBSERVED] = true
  RawEventsParser.streamPerEntityEvents = observed
}

/** From 3.1.2 on Booster only logs what a handler throws; what its global error handler has left of that is heard here. */
function observeHandlerErrors(): void {
  const { prototype } = BoosterGlobalErrorDispatcher
  const original: Observed<typeof prototype.dispatch> = prototype.dispatch
  if (original[OBSERVED]) return
  const observed: typeof original = async function (this: BoosterGlobalErrorDispatcher, error: GlobalErrorContainer) {
    const left = await original.call(this, error)
    if (left && error instanceof EventHandlerGlobalError) currentWork()?.work.fail(left)
    return left
  }
  observed[OBSERVED] = true
  prototype.dispatch = observed
}

/** The same for what a handler registered and Booster refuses. What the handler flushes itself is refused to the handler. */
function observeRegistering(): void {
  const original: Observed<typeof RegisterHandler.handle> = RegisterHandler.handle
  if (original[OBSERVED]) return
  const observed: typeof original = async (config: BoosterConfig, register: Register) => {
    try {
      await original.call(RegisterHandler, config, register)
    } catch (error) {
      if (handlingConfigs.has(config)) currentWork()?.work.fail(error)
      throw error
    }
  }
  observed[OBSERVED] = true
  RegisterHandler.handle = observed
}

/** From 3.3 on Booster tries to store again for seconds; the dispatch does that itself, with patience. */
const TRY_ONCE = {
  maxRetries: 1,
  initialDelay: 0,
  maxDelay: 0,
  backoffFactor: 1,
  jitterFactor: 0,
  retryAllErrors: false,
}

/** One entity's events, on their way through what Booster calls for them. */
class EntityRun {
  public constructor(
    private readonly config: BoosterConfig,
    private readonly batch: Batch,
    private readonly work: EntityWork,
    private readonly run: RunEvents
  ) {}

  /**
   * Runs the handlers, and beside them the projections: of all events at once by the state that they leave, or one by one where a read model
   * has a row for each state. Never rejects: the work knows what went wrong.
   */
  public async carryOut(events: readonly EventEnvelope[]): Promise<void> {
    const isSequenced = hasSequence(this.config, this.work.entity.type)
    for (const step of isSequenced ? events.map((event) => [event]) : [events]) {
      if (step.length === 0) return
      if (isSequenced) this.work.readUntil = step[0].createdAt
      await Promise.all([this.handle(step), this.project(step)])
    }
  }

  /** One event after the other; those after one that fails wait for it. */
  private async handle(events: readonly EventEnvelope[]): Promise<void> {
    if (!this.batch.runsHandlers) return
    const config = configsOf(this.config).handling(this.work.entity.type)
    for (const event of events) {
      if (this.work.failure) return
      await this.attempt(async () => {
        requireInstance(config, event)
        await this.run(this.work.entity.type, event.entityID, [event], config)
      }, false)
    }
  }

  private async project(events: readonly EventEnvelope[]): Promise<void> {
    const config = configsOf(this.config).projecting
    const [{ entityID }] = events
    await this.attempt(() => this.run(this.work.entity.type, entityID, [...events], config), true)
  }

  private async attempt(run: () => Promise<void>, projects: boolean): Promise<void> {
    const { batch, work } = this
    try {
      await inDispatch({ batch, work, projects }, run)
    } catch (error) {
      work.fail(error)
    }
  }
}

/** From 3.1.2 on Booster swallows this too. */
function requireInstance(
  { events, notifications, eventHandlers }: BoosterConfig,
  { typeName, value }: EventEnvelope
): void {
  if (!eventHandlers[typeName]?.length) return
  createInstance((events[typeName] ?? notifications[typeName]).class, value as object)
}

function hasSequence(config: BoosterConfig, entityName: string): boolean {
  const projections = config.projections[entityName] ?? []
  return projections.some((projection) => projection.class.name in config.readModelSequenceKeys)
}

/** The configs with which Booster runs handlers only. */
const handlingConfigs = new WeakSet<BoosterConfig>()

/** An app's config, as Booster is given it to run only the handlers of an entity's events, or only the projections. */
class PartialConfigs {
  public readonly projecting: BoosterConfig
  private readonly byEntity = new Map<string, BoosterConfig>()

  public constructor(private readonly config: BoosterConfig) {
    this.projecting = derived(config, { eventHandlers: {} })
  }

  /** Booster projects no notifications; that an entity is one of their topics is its only word for that. */
  public handling(type: string): BoosterConfig {
    const known = this.byEntity.get(type)
    if (known) return known
    const topicToEvent = { ...this.config.topicToEvent, [type]: type }
    const made = derived(this.config, { topicToEvent, eventStoreRetry: TRY_ONCE })
    handlingConfigs.add(made)
    this.byEntity.set(type, made)
    return made
  }
}

const partialConfigs = new WeakMap<BoosterConfig, PartialConfigs>()

function configsOf(config: BoosterConfig): PartialConfigs {
  const known = partialConfigs.get(config) ?? new PartialConfigs(config)
  partialConfigs.set(config, known)
  return known
}

/** A config that is another one but for some members. */
function derived(config: BoosterConfig, own: Readonly<Record<string, unknown>>): BoosterConfig {
  const members = Object.entries(own).map(([name, value]) => [name, { value, enumerable: true }])
  return Object.create(config, Object.fromEntries(members) as PropertyDescriptorMap) as BoosterConfig
}
