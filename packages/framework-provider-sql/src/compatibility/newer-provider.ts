import type {
  BoosterConfig,
  EntitySnapshotEnvelope,
  EventEnvelope,
  ProviderAPIHandling,
  ProviderEventsLibrary,
  ProviderLibrary,
  ProviderSensorLibrary,
} from '@boostercloud/framework-types'

/** An event as Booster is given it that is to be deleted. */
export type StoredEnvelope = EventEnvelope & { readonly id: string }
/** A snapshot as Booster is given it that is to be deleted. */
export type StoredSnapshot = EntitySnapshotEnvelope & { readonly id: string }

/** Which event or snapshot is meant; `createdAt` is its own. */
interface Deletable {
  readonly entityTypeName: string
  readonly entityID: unknown
  readonly createdAt: string
}

/** What Booster asks of a provider from 2.18 on, to delete events. */
export interface NewerEvents extends ProviderEventsLibrary {
  findDeletableEvent(config: BoosterConfig, parameters: Deletable): Promise<StoredEnvelope[]>
  findDeletableSnapshot(config: BoosterConfig, parameters: Deletable): Promise<StoredSnapshot[]>
  deleteEvent(config: BoosterConfig, events: EventEnvelope[]): Promise<void>
  deleteSnapshot(config: BoosterConfig, snapshots: EntitySnapshotEnvelope[]): Promise<void>
}

/** What it asks from 3.2 on, to answer the health endpoint. */
export interface NewerApi extends ProviderAPIHandling {
  healthRequestResult(body: unknown, isHealthy: boolean): Promise<unknown>
}

/** What it asks from 2.17 on, to tell of rockets. */
export interface NewerSensor extends ProviderSensorLibrary {
  areRocketFunctionsUp(config: BoosterConfig): Promise<Record<string, boolean>>
}

/** The local provider's answer to a request for health; of an older one, what its newer versions answer. */
export async function healthAnswer(
  { api }: ProviderLibrary,
  ...[body, isHealthy]: Parameters<NewerApi['healthRequestResult']>
): Promise<unknown> {
  const { healthRequestResult } = api as Partial<NewerApi>
  if (healthRequestResult) return healthRequestResult(body, isHealthy)
  return { status: 'success', result: body, headers: { 'status-code': isHealthy ? 200 : 503 } }
}

/** The rockets of a service that runs on the local provider: all of them run in its process. */
export function rocketsUp({ rockets = [] }: BoosterConfig): Record<string, boolean> {
  const packages = rockets.map(
    ({ parameters }) => (parameters as { rocketProviderPackage?: unknown } | undefined)?.rocketProviderPackage
  )
  const names = packages.filter((name) => typeof name === 'string').map((name) => String(name))
  return Object.fromEntries(names.map((name) => [name.replace(/^@[^/]+\//, '').replace(/-[^-]+$/, ''), true]))
}
