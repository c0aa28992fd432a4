import { getLogger } from '@boostercloud/framework-common-helpers'
import type {
  BoosterConfig,
  EventEnvelope,
  ProviderConnectionsLibrary,
  ProviderEventsLibrary,
  ProviderInfrastructure,
  ProviderLibrary,
  ProviderReadModelsLibrary,
  ProviderSensorLibrary,
  ReadModelEnvelope,
  RocketDescriptor,
} from '@boostercloud/framework-types'
import { STATE_OF_PROVIDER } from '@boostercloud/streamers'
import type { ProvidesState, StateProvider } from '@boostercloud/streamers'
import { eventsHealth, isUp, readModelsHealth } from './health'
import { LocalProvider } from './local'
import { optionsOf } from './options'
import { scheduleCommands } from './schedule'
import { Store } from './store'

/**
 * Booster's provider on SQLite or PostgreSQL: named by `config.providerPackage`. Nothing is opened before something is asked of it.
 */
export function Provider(rockets?: RocketDescriptor[]): ProviderLibrary & ProvidesState {
  const provider = new SqlProvider(new LocalProvider(rockets))
  return provider.library()
}

class SqlProvider {
  private opening?: Promise<Store>

  public constructor(private readonly local: LocalProvider) {}

  public library(): ProviderLibrary & ProvidesState {
    const { local } = this
    return {
      events: this.events(),
      readModels: this.readModels(),
      connections: this.connections(),
      sensor: this.sensor(),
      graphQL: {
        rawToEnvelope: async (...request) => local.get().graphQL.rawToEnvelope(...request),
        handleResult: async (...result) => local.get().graphQL.handleResult(...result),
      },
      api: {
        requestSucceeded: async (...answer) => local.get().api.requestSucceeded(...answer),
        requestFailed: async (error) => local.get().api.requestFailed(error),
      },
      scheduled: { rawToEnvelope: async (...raw) => local.get().scheduled.rawToEnvelope(...raw) },
      rockets: { rawToEnvelopes: (...raw) => local.get().rockets.rawToEnvelopes(...raw) },
      infrastructure: () => this.infrastructure(),
      [STATE_OF_PROVIDER]: (config) => this.state(config as BoosterConfig),
    }
  }

  private events(): ProviderEventsLibrary {
    return {
      rawToEnvelopes: (raw) => raw as EventEnvelope[],
      rawStreamToEnvelopes: () => [],
      dedupEventStream: async () => [],
      produce: async () => undefined,
      forEntitySince: async (config, type, id, since) =>
        (await this.open(config)).events.since(type, String(id), since),
      latestEntitySnapshot: async (config, type, id) => (await this.open(config)).events.snapshot(type, String(id)),
      search: async (config, parameters) => (await this.open(config)).events.reader.search(parameters),
      searchEntitiesIDs: async (config, limit, after, type) =>
        (await this.open(config)).events.reader.entityIds(type, limit, after),
      store: async (envelopes, config) => {
        const store = await this.open(config)
        await store.dispatchIfFree()
        return store.events.store(envelopes)
      },
      storeSnapshot: async (snapshot, config) => (await this.open(config)).events.storeSnapshot(snapshot),
      storeDispatched: async (event, config) => (await this.open(config)).events.storeDispatched(event),
    }
  }

  private readModels(): ProviderReadModelsLibrary {
    return {
      rawToEnvelopes: async (_, raw) => raw as ReadModelEnvelope[],
      fetch: async (config, type, id, key) =>
        (await this.open(config)).readModels.fetch(type, String(id), key) as never,
      search: async (config, type, ...searched) => {
        const [filters, sortBy, limit, afterCursor, isPaginated] = searched
        const { readModels } = await this.open(config)
        return readModels.search({ type, filters, sortBy, limit, afterCursor }, isPaginated ?? false) as never
      },
      store: async (config, ...readModel) => (await this.open(config)).readModels.store(config, ...readModel),
      delete: async (config, ...readModel) => (await this.open(config)).readModels.delete(config, ...readModel),
      subscribe: async (config, envelope) => (await this.open(config)).connections.subscribe(envelope),
      fetchSubscriptions: async (config, name) => (await this.open(config)).connections.subscriptions(name),
      deleteSubscription: async (config, ...ids) => (await this.open(config)).connections.unsubscribe(...ids),
      deleteAllSubscriptions: async (config, id) => (await this.open(config)).connections.unsubscribe(id),
    }
  }

  private connections(): ProviderConnectionsLibrary {
    return {
      storeData: async (config, id, data) => {
        const { connections, messages } = await this.open(config)
        messages.opened(id)
        await connections.store(id, data)
      },
      fetchData: async (config, id) => (await this.open(config)).connections.data(id),
      deleteData: async (config, id) => {
        const { connections, messages } = await this.open(config)
        messages.closed(id)
        await connections.delete(id)
      },
      sendMessage: async (config, id, data) => (await this.open(config)).messages.send(id, data),
    }
  }

  private sensor(): ProviderSensorLibrary {
    const database = async (config: BoosterConfig): Promise<Store['database']> => (await this.open(config)).database
    const isDatabaseUp = async (config: BoosterConfig): Promise<boolean> => isUp(() => database(config))
    const { local } = this
    return {
      databaseEventsHealthDetails: async (config) => eventsHealth(await database(config)),
      databaseReadModelsHealthDetails: async (config) => readModelsHealth(await database(config)),
      isDatabaseEventUp: isDatabaseUp,
      areDatabaseReadModelsUp: isDatabaseUp,
      databaseUrls: async (config) => [(await database(config)).name],
      isGraphQLFunctionUp: async (config) => local.get().sensor.isGraphQLFunctionUp(config),
      graphQLFunctionUrl: async (config) => local.get().sensor.graphQLFunctionUrl(config),
      rawRequestToHealthEnvelope: (raw) => local.get().sensor.rawRequestToHealthEnvelope(raw),
    }
  }

  private infrastructure(): ProviderInfrastructure {
    return {
      start: async (config, port) => {
        const store = await this.open(config)
        await store.run()
        // Booster's own scheduler knows of one process only.
        const unscheduled = Object.create(config, { scheduledCommandHandlers: { value: {} } }) as BoosterConfig
        await this.local.get().infrastructure().start?.(unscheduled, port)
        scheduleCommands(config, store.database, getLogger(config, 'sql-provider'))
      },
    }
  }

  private state(config: BoosterConfig): StateProvider {
    return {
      shared: optionsOf(config).url !== undefined,
      open: async () => (await this.open(config)).state,
    }
  }

  private open(config: BoosterConfig): Promise<Store> {
    this.opening ??= Store.open(config, (id, data) => this.local.send(config, id, data)).catch((error: unknown) => {
      this.opening = undefined
      throw error
    })
    return this.opening
  }
}
