import { randomUUID } from 'node:crypto'
import type {
  BoosterConfig,
  EventEnvelope,
  NonPersistedEntitySnapshotEnvelope,
  NonPersistedEventEnvelope,
  ProviderLibrary,
  ReadModelInterface,
  UUID,
} from '@boostercloud/framework-types'

/** What an app's index exports, as a provider uses it. */
export interface UserApp {
  readonly Booster: { readonly config: BoosterConfig }
  boosterTriggerScheduledCommand(request: unknown): Promise<void>
}

/** An event of an entity, as the core gives it to a provider. */
export interface EventGiven {
  readonly entity?: string
  readonly type?: string
  readonly id: string
  readonly value: object
  readonly more?: object
}

/** What a case works with: the provider of a started app, and that app by its ports. */
export class Bench {
  public readonly provider: ProviderLibrary
  public readonly config: BoosterConfig

  public constructor(
    public readonly app: UserApp,
    public readonly port: number,
    public readonly socketPort: number
  ) {
    this.config = app.Booster.config
    this.provider = this.config.provider
  }

  /** A name that no other case has. */
  public unique(prefix: string): string {
    return `${prefix}-${randomUUID()}`
  }

  public event({ entity = 'Counter', type = 'Counted', id, value, more }: EventGiven): NonPersistedEventEnvelope {
    const envelope = {
      kind: 'event',
      superKind: 'domain',
      version: 1,
      requestID: randomUUID(),
      entityTypeName: entity,
      typeName: type,
      entityID: id,
      value,
      ...more,
    }
    return envelope as unknown as NonPersistedEventEnvelope
  }

  /** The step of a counter. */
  public step(id: string, step: number, label = ''): NonPersistedEventEnvelope {
    return this.event({ id, value: { counterId: id, step, label } })
  }

  public async store(...events: NonPersistedEventEnvelope[]): Promise<EventEnvelope[]> {
    return this.provider.events.store(events, this.config)
  }

  /** The stored steps of a counter, in the order in which the provider has them. */
  public async steps(id: string, since?: string): Promise<number[]> {
    const events = await this.provider.events.forEntitySince(this.config, 'Counter', id as UUID, since)
    return events.map(({ value }) => (value as unknown as { step: number }).step)
  }

  public snapshot(entity: string, id: string, at: string, value: object): NonPersistedEntitySnapshotEnvelope {
    const envelope = {
      kind: 'snapshot',
      superKind: 'domain',
      version: 1,
      requestID: randomUUID(),
      entityTypeName: entity,
      typeName: entity,
      entityID: id,
      value,
      snapshottedEventCreatedAt: at,
    }
    return envelope as unknown as NonPersistedEntitySnapshotEnvelope
  }

  /** Stores a version of a read model, as the core does: it carries its version, and expects the one before. */
  public async put(type: string, fields: object, version = 1, expected = version - 1): Promise<unknown> {
    const readModel = { ...fields, boosterMetadata: { version, schemaVersion: 1 } } as unknown as ReadModelInterface
    return this.provider.readModels.store(this.config, type, readModel, expected)
  }

  /** What a read model is now; undefined where there is none. */
  public async get(type: string, id: string): Promise<ReadModelInterface | undefined> {
    const [found] = await this.provider.readModels.fetch(this.config, type, id as UUID)
    return found
  }

  /** One GraphQL request over HTTP. */
  public async graphQL<T>(query: string, variables: object = {}): Promise<{ data: T; errors?: { message: string }[] }> {
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as { data: T; errors?: { message: string }[] }
  }
}
