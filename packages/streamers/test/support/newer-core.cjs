// Loaded before an app, this has Booster's core 2.10.1 behave as the core of Booster 4 does, wherever that matters to a provider and to streaming:
// - handlers of events of one entity run at once, and what they throw is logged and no more (from 3.1.2 on);
// - events that were dispatched before are not projected either;
// - what is registered is stored with retries, each with new envelopes; 6 s pass before it is refused (from 3.3 on);
// - the global error handler is given (error, envelope, metadata, instance) (from 2.16 on);
// - deleted events are passed over (from 2.18 on);
// - a projection looks its read model up by a search without its sequence key, and by the key when that was wrong (from 2.14 on).
// Written after the sources of framework-core 4.0.2; the provider's tests of dispatch were run on that core too, with the same result.
process.env.BOOSTER_ENV ??= 'local'
const { RegisterHandler } = require('@boostercloud/framework-core')
const { BoosterEventProcessor } = require('@boostercloud/framework-core/dist/booster-event-processor')
const { BoosterGlobalErrorDispatcher } = require('@boostercloud/framework-core/dist/booster-global-error-dispatcher')
const { RawEventsParser } = require('@boostercloud/framework-core/dist/services/raw-events-parser')
const { ReadModelStore } = require('@boostercloud/framework-core/dist/services/read-model-store')
const { Promises, createInstance } = require('@boostercloud/framework-common-helpers')
const { BoosterConfig, Register } = require('@boostercloud/framework-types')
const globalErrors = require('@boostercloud/framework-types/dist/errors/event-handler-global-error')
const { GlobalErrorContainer } = require('@boostercloud/framework-types/dist/errors/global-error-container')

const silent = async (work) => work().catch(() => undefined)

class EventHandlerGlobalError extends GlobalErrorContainer {
  constructor(eventEnvelope, eventInstance, eventHandlerMetadata, originalError) {
    super(originalError)
    Object.assign(this, { eventEnvelope, eventInstance, eventHandlerMetadata })
  }
}
globalErrors.EventHandlerGlobalError = EventHandlerGlobalError

BoosterGlobalErrorDispatcher.prototype.handleEventHandlerError = async function (error) {
  if (!this.errorHandler?.onDispatchEventHandlerError) throw error.originalError
  const { originalError, eventEnvelope, eventHandlerMetadata, eventInstance } = error
  return this.errorHandler.onDispatchEventHandlerError(
    originalError,
    eventEnvelope,
    eventHandlerMetadata,
    eventInstance
  )
}

const streamed = RawEventsParser.streamPerEntityEvents
RawEventsParser.streamPerEntityEvents = async (config, envelopes, callback) =>
  streamed.call(
    RawEventsParser,
    config,
    envelopes.filter(({ deletedAt }) => !deletedAt),
    callback
  )

BoosterEventProcessor.eventProcessor =
  (eventStore, readModelStore) => async (entityName, entityID, envelopes, config) => {
    const dispatched = await Promise.all(envelopes.map((envelope) => eventStore.storeDispatchedEvent(envelope)))
    const events = envelopes.filter((_, index) => dispatched[index])
    const work = []
    if (events.length > 0) {
      work.push(dispatchToHandlers(events, config))
      if (!(entityName in config.topicToEvent)) {
        work.push(
          BoosterEventProcessor.snapshotAndUpdateReadModels(config, entityName, entityID, eventStore, readModelStore)
        )
      }
    }
    await Promises.allSettledAndFulfilled(work)
  }

async function dispatchToHandlers(events, config) {
  await silent(() =>
    Promises.allSettledAndFulfilled(
      events.map(async (envelope) => {
        const handlers = config.eventHandlers[envelope.typeName] ?? []
        if (handlers.length === 0) return
        const { class: eventClass } = config.events[envelope.typeName] ?? config.notifications[envelope.typeName]
        const instance = createInstance(eventClass, envelope.value)
        await silent(() =>
          Promises.allSettledAndFulfilled(handlers.map((handler) => call(handler, instance, envelope, config)))
        )
      })
    )
  )
}

async function call(handler, instance, envelope, config) {
  const register = new Register(envelope.requestID, {}, RegisterHandler.flush, envelope.currentUser)
  try {
    await handler.handle(instance, register)
  } catch (error) {
    const left = await new BoosterGlobalErrorDispatcher(config).dispatch(
      new EventHandlerGlobalError(envelope, instance, error.eventHandlerMetadata, error)
    )
    if (left) throw left
  }
  await RegisterHandler.handle(config, register)
}

BoosterConfig.prototype.eventStoreRetry = {
  maxRetries: 3,
  initialDelay: 1_000,
  maxDelay: 30_000,
  backoffFactor: 2,
  jitterFactor: 0.1,
}
const registerOnce = RegisterHandler.handle
RegisterHandler.handle = async (config, register) => {
  const { maxRetries, initialDelay, backoffFactor, retryAllErrors, retryableErrors = [] } = config.eventStoreRetry
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await registerOnce.call(RegisterHandler, config, register)
    } catch (error) {
      const isOver = attempt >= maxRetries || (retryAllErrors === false && !retryableErrors.includes(error.name))
      if (isOver) throw error
      await new Promise((resolve) => setTimeout(resolve, initialDelay * backoffFactor ** (attempt - 1)))
    }
  }
}

const { fetchReadModel, applyProjectionToReadModel } = ReadModelStore.prototype
ReadModelStore.prototype.project = async function (snapshot) {
  const projections = this.config.projections[snapshot.entityTypeName] ?? []
  const entityClass = this.config.entities[snapshot.entityTypeName].class
  await Promises.allSettledAndFulfilled(
    projections.map(async (projection) => {
      const entity = createInstance(entityClass, snapshot.value)
      const ids = this.joinKeyForProjection(entity, projection) ?? []
      const rows = await this.config.provider.readModels.search(
        this.config,
        projection.class.name,
        { id: { in: ids } },
        undefined,
        undefined,
        undefined,
        false
      )
      const current = rows.length > 0 ? rows : [undefined]
      await Promises.allSettledAndFulfilled(
        current.flatMap((row) => ids.map((id) => projected(this, { snapshot, projection, entity, id, row })))
      )
    })
  )
}

/** The first try has the row that was found by the id alone; the others ask for that of the sequence key. */
async function projected(store, { snapshot, projection, entity, id, row }) {
  const name = projection.class.name
  const sequenceKey = store.sequenceKeyForProjection(entity, projection)
  for (let attempt = 1; attempt <= 1_000; attempt += 1) {
    const reading = Object.create(store, {
      fetchReadModel: {
        value: (...asked) => {
          if (attempt > 1) return fetchReadModel.call(store, ...asked)
          return row?.id === id ? createInstance(projection.class, row) : undefined
        },
      },
    })
    try {
      return await applyProjectionToReadModel.call(reading, entity, projection, name, id, sequenceKey, snapshot)
    } catch (error) {
      if (error.constructor.name !== 'OptimisticConcurrencyUnexpectedVersionError') throw error
    }
  }
  throw new Error('Reached the maximum number of retries.')
}
