/**
 * Everything that depends on how Booster is made inside, and on its version: deep imports, hooks on its config, and what has
 * changed between 2.10 and 4. Nothing else may.
 */
import { RegisterHandler, SchemaMigration as CoreSchemaMigration } from '@boostercloud/framework-core'
import { BoosterEventDispatcher } from '@boostercloud/framework-core/dist/booster-event-dispatcher'
import { BoosterGlobalErrorDispatcher } from '@boostercloud/framework-core/dist/booster-global-error-dispatcher'
import { defaultBoosterHealthIndicators } from '@boostercloud/framework-core/dist/sensor/health/health-indicators'
import { SchemaMigrator } from '@boostercloud/framework-core/dist/schema-migrator'
import {
  BOOSTER_HEALTH_INDICATORS_IDS,
  BoosterConfig,
  EventHandlerGlobalError,
  HealthStatus,
} from '@boostercloud/framework-types'
import type {
  Class,
  EventEnvelope,
  EventInterface,
  HealthIndicatorInterface,
  HealthIndicatorResult,
  NonPersistedEventEnvelope,
  ProviderLibrary,
  Register,
} from '@boostercloud/framework-types'

/** From 3.3 on Booster tries for seconds what it refuses at once; the attempt at a streamed event has retries of its own. */
const TRY_ONCE = {
  eventStoreRetry: {
    maxRetries: 1,
    initialDelay: 0,
    maxDelay: 0,
    backoffFactor: 1,
    jitterFactor: 0,
    retryAllErrors: false,
  },
}

/** Envelopes as Booster makes them of what was registered, none of it stored. Rejects as Booster does for events it does not know. */
export async function envelopesOf(config: BoosterConfig, register: Register): Promise<NonPersistedEventEnvelope[]> {
  const collected: NonPersistedEventEnvelope[] = []
  const store = async (envelopes: NonPersistedEventEnvelope[]): Promise<EventEnvelope[]> => {
    collected.push(...envelopes)
    return []
  }
  const events = derived(config.provider.events, { store })
  const provider = derived(config.provider, { events })
  await RegisterHandler.handle(derived(config, { provider, ...TRY_ONCE } as Partial<BoosterConfig>), register)
  return collected
}

/**
 * Has Booster do what follows the storing of events: reduce them, project them, and call this service's own handlers. For events whose
 * process may have died before that.
 */
export async function dispatchStored(config: BoosterConfig, envelopes: EventEnvelope[]): Promise<void> {
  const events = derived(config.provider.events, { rawToEnvelopes: () => envelopes })
  await BoosterEventDispatcher.dispatch(envelopes, derived(config, { provider: derived(config.provider, { events }) }))
}

/**
 * Asks the app's global error handler about the error of a handler. Resolves with the error that is left, undefined if it forgave. `envelope` is
 * asked for by the versions of Booster that hand one on.
 */
export async function askGlobalErrorHandler(
  config: BoosterConfig,
  event: unknown,
  error: Error,
  envelope: () => EventEnvelope
): Promise<Error | undefined> {
  return new BoosterGlobalErrorDispatcher(config).dispatch(handlerError(event as EventInterface, error, envelope))
}

/** Until 2.15 `(instance, error)`, from 2.16 on `(envelope, instance, metadata, error)`, of which Booster leaves the metadata undefined. */
function handlerError(event: EventInterface, error: Error, envelope: () => EventEnvelope): EventHandlerGlobalError {
  const GlobalError = EventHandlerGlobalError as unknown as new (...args: unknown[]) => EventHandlerGlobalError
  return GlobalError.length > 2 ? new GlobalError(envelope(), event, undefined, error) : new GlobalError(event, error)
}

/** The member of a provider that deletes events, from 2.18 on. */
export interface DeletesEvents {
  deleteEvent(config: BoosterConfig, events: EventEnvelope[]): Promise<void>
}

/** What a provider deletes events with; undefined where it cannot. The types of Booster 4 say of the same function that it takes what was read only. */
export function deleterOf(events: object): DeletesEvents | undefined {
  const deleter = events as Partial<DeletesEvents>
  return typeof deleter.deleteEvent === 'function' ? (deleter as DeletesEvents) : undefined
}

/** Fields of an event of an older version, as Booster's schema migrations make them today. */
export async function migrated(
  config: BoosterConfig,
  typeName: string,
  version: number,
  value: object
): Promise<object> {
  if (config.currentVersionFor(typeName) === version) return value
  const envelope = { typeName, version, value } as unknown as EventEnvelope
  return (await new SchemaMigrator(config).migrate(envelope)).value
}

/** One schema migration, as Booster keeps it. */
export interface MigrationStep {
  readonly migrationClass: Class<unknown>
  readonly methodName: string
  readonly fromSchema: Class<unknown>
  readonly toSchema: Class<unknown>
}

/** The schema migrations under a name, by the version that each leads to; undefined where there are none. */
export function migrationsUnder(config: BoosterConfig, name: string): ReadonlyMap<number, MigrationStep> | undefined {
  if (!Object.hasOwn(config.schemaMigrations, name)) return undefined
  return config.schemaMigrations[name] as unknown as ReadonlyMap<number, MigrationStep>
}

/** Keeps the schema migrations of a name under another one. */
export function renameMigrations(config: BoosterConfig, from: string, to: string): void {
  if (!Object.hasOwn(config.schemaMigrations, from)) return
  config.schemaMigrations[to] = config.schemaMigrations[from]
  delete config.schemaMigrations[from]
}

/**
 * Registers schema migrations under a name. Booster keeps them by the name of their class, and asks for nothing else of it.
 */
export function registerMigrations(name: string, migrationClass: Class<unknown>): void {
  CoreSchemaMigration({ name } as unknown as Class<unknown>)(migrationClass as never)
}

/** Replaces the provider by what `wrap` makes of it, without touching it before Booster does; asks again where that is the same. */
export function hookProvider(config: BoosterConfig, wrap: (provider: ProviderLibrary) => ProviderLibrary): void {
  const inherited = Object.getOwnPropertyDescriptor(BoosterConfig.prototype, 'provider')
  if (!inherited?.get) throw new Error('This version of Booster has no config.provider.')
  const { get, set } = inherited
  const wrapped = new WeakMap<ProviderLibrary, ProviderLibrary>()
  Object.defineProperty(config, 'provider', {
    configurable: true,
    enumerable: false,
    get(): ProviderLibrary {
      const provider = get.call(config) as ProviderLibrary
      const replacement = wrapped.get(provider) ?? wrap(provider)
      if (replacement !== provider) wrapped.set(provider, replacement)
      return replacement
    },
    set(provider: ProviderLibrary) {
      set?.call(config, provider)
    },
  })
}

/** Runs a check when `Booster.start` has loaded the app, before Booster checks its config. */
export function hookValidation(config: BoosterConfig, check: () => void): void {
  const inherited = config.validate.bind(config)
  Object.defineProperty(config, 'validate', {
    configurable: true,
    enumerable: false,
    value: () => {
      check()
      inherited()
    },
  })
}

/** What an indicator is asked for; undefined where there is nothing to say yet. */
type Health = () => Promise<{ readonly healthy: boolean } | undefined>

/**
 * Adds a component to `/sensor/health`, which is up whatever its details say unless it `counts`, beside Booster's own or what the app has put in their place. Its details are shown where those of
 * Booster's root component are.
 */
export function addHealthIndicator(
  config: BoosterConfig,
  { id, name, counts }: { readonly id: string; readonly name: string; readonly counts: boolean },
  health: Health
): void {
  if (Object.keys(config.userHealthIndicators).length === 0) {
    config.userHealthIndicators = defaultBoosterHealthIndicators(config)
  }
  const { details } = config.sensorConfiguration.health.booster[BOOSTER_HEALTH_INDICATORS_IDS.ROOT]
  class Indicator implements HealthIndicatorInterface {
    public async health(): Promise<HealthIndicatorResult> {
      const found = await health()
      const isUp = !counts || found?.healthy
      if (!found) return { status: isUp ? HealthStatus.UP : HealthStatus.OUT_OF_SERVICE }
      return { status: isUp ? HealthStatus.UP : HealthStatus.DOWN, details: { ...found } }
    }
  }
  config.userHealthIndicators[id] = {
    class: Indicator,
    healthIndicatorConfiguration: { id, name, enabled: true, details, showChildren: true },
  }
}

/** An object that is another one but for some properties. */
export function derived<T extends object>(base: T, own: Partial<T>): T {
  return Object.create(base, Object.getOwnPropertyDescriptors(own)) as T
}

/** Under which entity Booster stores events of a class: what reduces it, or a notification's topic. */
export function entityTypeNameOf(config: BoosterConfig, typeName: string): string {
  if (typeName in config.notifications) return config.eventToTopic[typeName] ?? 'defaultTopic'
  return config.reducers[typeName]?.class.name
}
