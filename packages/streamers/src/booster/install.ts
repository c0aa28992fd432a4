import { Booster } from '@boostercloud/framework-core'
import { StreamerError } from '@boostercloud/streamer-connector'
import type {
  BoosterConfig,
  EventEnvelope,
  NonPersistedEventEnvelope,
  ProviderLibrary,
} from '@boostercloud/framework-types'
import { Declarations, topologyOf } from '../declare'
import type { Topology } from '../declare'
import { activeTrace } from '../observe'
import type { StreamingHealth } from '../observe'
import { RegistrationIds } from '../publish'
import { LifeCycle, Streaming, withProvidersState } from '../runtime'
import type { InvokedStreaming } from '../runtime'
import type { EventContext } from '../state'
import { addHealthIndicator, deleterOf, derived, hookProvider, hookValidation } from './compatibility'
import type { DeletesEvents } from './compatibility'
import { BoosterEffects } from './events/effects'
import { BoosterEventStore } from './events/event-store'
import { streamsLog } from './log'
import { DelayedEvents, splitDelayed } from './later'
import { checkMigrations } from './migrations/migrations'
import { drainOnSignals, offerDrain } from './shutdown'
import { requireConfigured } from './require-configured'
import { requireKnownStart, requireStart } from './require-start'
import { assertStreamable, isStreamed, named, storedEvent, storedTimes } from './events/stored-envelope'
import type { StreamedEnvelope } from './events/stored-envelope'

/** Streaming in the one Booster app of this process: what its decorators declare, and what runs once it is started. */
class Installation {
  public readonly declarations = new Declarations()
  private readonly ids = new RegistrationIds()
  private provider?: ProviderLibrary
  private made?: Streaming

  public constructor(private readonly config: BoosterConfig) {
    hookValidation(config, () => {
      this.topology()
      if (this.streams) requireKnownStart(config)
    })
    hookProvider(config, (provider) => this.wrap(provider))
  }

  /** Whether the app streams: it has links, or says how it streams. */
  public get streams(): boolean {
    return !this.declarations.isEmpty || this.config.streaming !== undefined
  }

  /** All links of the app. Throws for the first thing declared that cannot work. */
  public topology(): Topology {
    requireConfigured(this.config)
    checkMigrations(this.config, this.declarations)
    return topologyOf(this.declarations, this.config.streamers ?? {}, this.config.streaming ?? {})
  }

  /** How streaming is; undefined where it does not run in this process. */
  public async health(): Promise<StreamingHealth | undefined> {
    return this.made?.health()
  }

  /** Starts streaming, and nothing else that the provider would start. */
  public async work(): Promise<Worker> {
    const life = new LifeCycle(this.streaming)
    const drain = (): Promise<void> => life.drain()
    offerDrain(drain)
    // Asking for the provider wraps it: what handlers register is stored through it.
    Reflect.get(this.config, 'provider')
    await life.start()
    return { drain }
  }

  /** Streaming in a process that runs only while it is called. */
  public async invoked(): Promise<InvokedStreaming> {
    return this.streaming.invoked()
  }

  private wrap(provider: ProviderLibrary): ProviderLibrary {
    this.provider = provider
    if (!this.streams) return provider
    if (!('events' in provider)) throw noProvider(this.config)
    requireStart(this.config, provider)
    const events = derived(provider.events, {
      store: (envelopes: NonPersistedEventEnvelope[], config: BoosterConfig) => this.store(envelopes, config),
      ...this.deletion(provider.events),
    })
    return derived(provider, { events, infrastructure: () => this.infrastructure(provider.infrastructure()) })
  }

  /** Nothing where the provider deletes no events. */
  private deletion(events: ProviderLibrary['events']): Partial<DeletesEvents> {
    const deleter = deleterOf(events)
    if (!deleter) return {}
    return {
      deleteEvent: async (config, deleted) => {
        const remove = (): Promise<void> => deleter.deleteEvent(config, deleted)
        const streamed = deleted.filter(isStreamed).map(({ streamsId: id, typeName }) => ({ id, typeName }))
        if (streamed.length === 0) return remove()
        await this.streaming.delete(streamed, remove)
      },
    }
  }

  private infrastructure(
    infrastructure: ReturnType<ProviderLibrary['infrastructure']>
  ): ReturnType<ProviderLibrary['infrastructure']> {
    if (!infrastructure.start) return infrastructure
    return derived(infrastructure, {
      start: async (config, port) => {
        const streaming = this.streaming
        const counts = config.streaming?.observe?.sensor !== 'shows'
        addHealthIndicator(config, { id: 'streamers', name: 'Streamers', counts }, () => streaming.health())
        const life = new LifeCycle(streaming)
        drainOnSignals(() => life.drain(), streamsLog(config))
        await life.start(async () => infrastructure.start?.(config, port))
      },
    })
  }

  /** The provider's store, with what is streamed marked before and published after. */
  private async store(envelopes: NonPersistedEventEnvelope[], config: BoosterConfig): Promise<EventEnvelope[]> {
    const trace = activeTrace()
    const contextOf = ({ requestID }: NonPersistedEventEnvelope): EventContext => ({
      correlationId: String(requestID),
      ...trace,
    })
    const publishes = (typeName: string): boolean => this.streaming.isPublished(typeName)
    const { now, changes } = splitDelayed(config, envelopes, { publishes, contextOf })
    const streamed = now.filter(({ typeName }) => publishes(typeName))
    if (streamed.length === 0 && changes.length === 0) return this.storeUnmarked(now, config)
    streamed.forEach(assertStreamable)
    const registrations = streamed.map(({ value, requestID }) => ({
      object: value as object,
      requestId: String(requestID),
    }))
    const ids = this.ids.idsFor(registrations)
    const contexts = streamed.map(contextOf)
    const own = streamed.map((envelope, index) => named(envelope, ids[index], contexts[index]))
    const events = own.map((envelope, index) => storedEvent(config, envelope, contexts[index]))
    const byEnvelope = new Map<NonPersistedEventEnvelope, StreamedEnvelope>(
      streamed.map((envelope, index) => [envelope, own[index]])
    )
    const toStore = now.map((envelope) => byEnvelope.get(envelope) ?? envelope)
    const stored = await this.streaming.store(events, () => this.storeUnmarked(toStore, config), storedTimes, changes)
    this.ids.stored(registrations)
    return stored
  }

  private async storeUnmarked(envelopes: NonPersistedEventEnvelope[], config: BoosterConfig): Promise<EventEnvelope[]> {
    if (!this.provider) throw new Error('The provider is wrapped before anything is stored through it.')
    if (envelopes.length === 0) return []
    return this.provider.events.store(envelopes, config)
  }

  private get streaming(): Streaming {
    this.made ??= this.make()
    return this.made
  }

  private make(): Streaming {
    const { config } = this
    const options = withProvidersState(config)
    const events = new BoosterEventStore(config)
    return new Streaming(this.topology(), options, {
      appName: config.appName,
      environment: config.environmentName,
      log: streamsLog(config),
      events,
      effectsWith: (outbox) =>
        new BoosterEffects(config, events, outbox, (envelopes) => this.storeUnmarked(envelopes, config)),
      timersWith: (outbox) => [
        new DelayedEvents(config, events, outbox, (envelopes) => this.storeUnmarked(envelopes, config)),
      ],
    })
  }
}

const installations = new WeakMap<BoosterConfig, Installation>()

/**
 * What the decorators of the current app have declared; installs streaming in it. Every decorator of this package asks, so an app that uses one has
 * its `config.streamers` checked at boot. Importing the package alone changes nothing.
 */
export function currentDeclarations(): Declarations {
  let installation: Installation | undefined
  Booster.configureCurrentEnv((config) => {
    installation = installations.get(config) ?? new Installation(config)
    installations.set(config, installation)
  })
  if (!installation) throw new Error('Booster calls the configurator at once.')
  return installation.declarations
}

/** Whether an app that is loaded in this process streams. */
export function streamsIn(config: BoosterConfig): boolean {
  return installations.get(config)?.streams ?? false
}

/** All links of an app that is loaded in this process, without starting it; undefined where it streams nothing. */
export function topologyOfApp(config: BoosterConfig): Topology | undefined {
  return installations.get(config)?.topology()
}

/**
 * How streaming of an app that runs in this process is; undefined where it streams nothing or is not started. Never rejects.
 * @public
 */
export async function streamingHealth(config: BoosterConfig): Promise<StreamingHealth | undefined> {
  return installations.get(config)?.health()
}

/**
 * Streaming that runs.
 * @public
 */
export interface Worker {
  /** Stops polling, lets running handlers finish within `drainMs`, acknowledges, and closes everything. */
  drain(): Promise<void>
}

/**
 * Starts the streaming of an app that is loaded in this process, and nothing else of it: no API is served. For processes beside the service, which
 * share its state and its groups at the brokers. Undefined where the app streams nothing. Rejects as a start of the service does.
 * @public
 */
export async function startWorker(config: BoosterConfig): Promise<Worker | undefined> {
  const installation = installations.get(config)
  return installation?.streams ? installation.work() : undefined
}

/** Streaming of an app in a process that runs only while it is called; undefined where it streams nothing. Rejects with a `STORAGE_…` error. */
export async function invokedInstallation(config: BoosterConfig): Promise<InvokedStreaming | undefined> {
  return installations.get(config)?.invoked()
}

function noProvider({ providerPackage }: BoosterConfig): StreamerError {
  return new StreamerError(
    'PACKAGE_MISSING',
    'The provider has no functions: a package that it needs is not installed.',
    {
      at: providerPackage,
      hint: "Install what it needs; Booster's AWS provider needs aws-sdk.",
    }
  )
}
