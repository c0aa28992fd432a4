import { getLogger } from '@boostercloud/framework-common-helpers'
import type {
  BoosterConfig,
  EventEnvelope,
  ProviderConnectionsLibrary,
  ProviderInfrastructure,
  ProviderLibrary,
  ProviderReadModelsLibrary,
  ReadModelEnvelope,
  RocketDescriptor,
} from '@boostercloud/framework-types'
import { EVENTS_OF_PROVIDER, STATE_OF_PROVIDER } from '@boostercloud/streamers/runtime'
import type { FindsEvents, ProvidesState } from '@boostercloud/streamers/runtime'
import type { StateProvider } from '@boostercloud/streamers/state'
import { healthAnswer, rocketsUp } from './compatibility'
import type { NewerApi, NewerEvents, NewerSensor } from './compatibility'
import { eventsHealth, isUp, readModelsHealth } from './health'
import { RawEvents } from './dispatch/raw-events'
import { LocalProvider } from './local'
import { optionsOf } from './options'
import { scheduleCommands } from './schedule'
import { Store } from './store'

/**
 * Booster's provider on SQLite or PostgreSQL: named by `config.providerPackage`. Nothing is opened before something is asked of it.
 * @public
 */
export function Provider(rockets?: RocketDescriptor[]): ProviderLibrary & ProvidesState & FindsEvents {
  const provider = new SqlProvider(new LocalProvider(rockets))
  return provider.library()
}

/** What Booster gives behind the type of a read model that it searches; the fields to be answered from 2.14 on. */
type SearchArguments = [
  filters: unknown,
  sortBy?: unknown,
  limit?: number,
  afterCursor?: unknown,
  isPaginated?: boolean,
  select?: readonly string[],
]

class SqlProvider {
  private opening?: Promise<Store>
  private store?: Store

  public constructor(private readonly local: LocalProvider) {}

  public library(): ProviderLibrary & ProvidesState & FindsEvents {
    const { local } = this
    return {
      events: this.events(),
      readModels: this.readModels(),
      connections: this.connections(),
      sensor: this.sensor(),
      graphQL: {
        rawToEnvelope: async (config, raw) => local.get(config).graphQL.rawToEnvelope(config, raw),
        handleResult: async (...result) => local.get().graphQL.handleResult(...result),
      },
      api: this.api(),
      scheduled: { rawToEnvelope: async (config, raw) => local.get(config).scheduled.rawToEnvelope(config, raw) },
      rockets: { rawToEnvelopes: (config, raw) => local.get(config).rockets.rawToEnvelopes(config, raw) },
      infrastructure: () => this.infrastructure(),
      [STATE_OF_PROVIDER]: (config) => this.state(config as BoosterConfig),
      [EVENTS_OF_PROVIDER]: (config, ids) => this.use(config, ({ events }) => events.reader.withStreamsIds(ids)),
    }
  }

  private api(): NewerApi {
    const { local } = this
    return {
      requestSucceeded: async (...answer) => local.get().api.requestSucceeded(...answer),
      requestFailed: async (error) => local.get().api.requestFailed(error),
      healthRequestResult: async (...answer) => healthAnswer(local.get(), ...answer),
    }
  }

  private events(): NewerEvents {
    return {
      rawToEnvelopes: (raw) => (raw instanceof RawEvents ? [...raw.events] : (raw as EventEnvelope[])),
      rawStreamToEnvelopes: () => [],
      dedupEventStream: async () => [],
      produce: async () => undefined,
      forEntitySince: (config, type, id, since) =>
        this.use(config, ({ events }) => events.since(type, String(id), since)),
      latestEntitySnapshot: (config, type, id) => this.use(config, ({ events }) => events.snapshot(type, String(id))),
      search: (config, parameters) => this.use(config, ({ events }) => events.reader.search(parameters)),
      searchEntitiesIDs: (config, limit, after, type) =>
        this.use(config, ({ events }) => events.reader.entityIds(type, limit, after)),
      store: (envelopes, config) => this.use(config, (store) => store.store(envelopes)),
      storeSnapshot: (snapshot, config) => this.use(config, ({ events }) => events.storeSnapshot(snapshot)),
      storeDispatched: (event, config) => this.use(config, ({ events }) => events.storeDispatched(event)),
      findDeletableEvent: (config, wanted) => this.use(config, ({ events }) => events.deletions.events(wanted)),
      findDeletableSnapshot: (config, wanted) => this.use(config, ({ events }) => events.deletions.snapshots(wanted)),
      deleteEvent: (config, deleted) => this.use(config, ({ events }) => events.deletions.deleteEvents(deleted)),
      deleteSnapshot: (config, deleted) => this.use(config, ({ events }) => events.deletions.deleteSnapshots(deleted)),
    }
  }

  private readModels(): ProviderReadModelsLibrary {
    return {
      rawToEnvelopes: async (_, raw) => raw as ReadModelEnvelope[],
      fetch: (config, type, id, key) =>
        this.use(config, ({ readModels }) => readModels.fetch(type, String(id), key)) as never,
      search: (config, type, ...searched) => {
        const [filters, sortBy, limit, afterCursor, isPaginated, select] = searched as SearchArguments
        const search = { type, filters, sortBy, limit, afterCursor, select }
        return this.use(config, ({ readModels }) => readModels.search(config, search, isPaginated ?? false)) as never
      },
      store: (config, ...readModel) => this.use(config, ({ readModels }) => readModels.store(config, ...readModel)),
      delete: (config, ...readModel) => this.use(config, ({ readModels }) => readModels.delete(config, ...readModel)),
      subscribe: (config, envelope) => this.use(config, ({ connections }) => connections.subscribe(envelope)),
      fetchSubscriptions: (config, name) => this.use(config, ({ connections }) => connections.subscriptions(name)),
      deleteSubscription: (config, ...ids) => this.use(config, ({ connections }) => connections.unsubscribe(...ids)),
      deleteAllSubscriptions: (config, id) => this.use(config, ({ connections }) => connections.unsubscribe(id)),
    }
  }

  private connections(): ProviderConnectionsLibrary {
    return {
      storeData: (config, id, data) =>
        this.use(config, ({ connections, messages }) => {
          messages.opened(id)
          return connections.store(id, data)
        }),
      fetchData: (config, id) => this.use(config, ({ connections }) => connections.data(id)),
      deleteData: (config, id) =>
        this.use(config, ({ connections, messages }) => {
          messages.closed(id)
          return connections.delete(id)
        }),
      sendMessage: (config, id, data) => this.use(config, ({ messages }) => messages.send(id, data)),
    }
  }

  private sensor(): NewerSensor {
    const database = async (config: BoosterConfig): Promise<Store['database']> => (await this.open(config)).database
    const isDatabaseUp = async (config: BoosterConfig): Promise<boolean> => isUp(() => database(config))
    const { local } = this
    return {
      databaseEventsHealthDetails: async (config) => eventsHealth(await database(config)),
      databaseReadModelsHealthDetails: async (config) => readModelsHealth(await database(config)),
      isDatabaseEventUp: isDatabaseUp,
      areDatabaseReadModelsUp: isDatabaseUp,
      databaseUrls: async (config) => [(await database(config)).name],
      isGraphQLFunctionUp: async (config) => local.get(config).sensor.isGraphQLFunctionUp(config),
      graphQLFunctionUrl: async (config) => local.get(config).sensor.graphQLFunctionUrl(config),
      rawRequestToHealthEnvelope: (raw) => local.get().sensor.rawRequestToHealthEnvelope(raw),
      areRocketFunctionsUp: async (config) => rocketsUp(config),
    }
  }

  private infrastructure(): ProviderInfrastructure {
    return {
      start: async (config, port) => {
        const store = await this.open(config)
        await store.run()
        // Booster's own scheduler knows of one process only.
        const unscheduled = Object.create(config, { scheduledCommandHandlers: { value: {} } }) as BoosterConfig
        await this.local.start(unscheduled, port)
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

  /** Works on the store: at once where it is open. */
  private use<T>(config: BoosterConfig, work: (store: Store) => Promise<T>): Promise<T> {
    return this.store ? work(this.store) : this.open(config).then(work)
  }

  private open(config: BoosterConfig): Promise<Store> {
    this.opening ??= this.openAnew(config).catch((error: unknown) => {
      this.opening = undefined
      throw error
    })
    return this.opening
  }

  private async openAnew(config: BoosterConfig): Promise<Store> {
    this.store = await Store.open(config, (id, data) => this.local.send(config, id, data))
    return this.store
  }
}
