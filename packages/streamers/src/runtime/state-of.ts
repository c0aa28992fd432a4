import { join } from 'node:path'
import { lockExclusively } from '@boostercloud/streamer-sqlite'
import type { ExclusiveLock } from '@boostercloud/streamer-sqlite'
import type { StreamingOptions } from '../declare'
import type { Retention, StateOwner, StateProvider, StateStore } from '../state'
import { defaultStateFolder, embeddedProvider } from './embedded-provider'
import { retentionOf } from './expiry'
import { withProvidersState } from './state-of-provider'
import type { ProvidedConfig } from './state-of-provider'

/**
 * What tells where a service keeps its state: Booster's config has it.
 * @internal
 */
export interface StatefulConfig extends ProvidedConfig {
  readonly appName: string
  readonly environmentName: string
}

/** Where a service keeps its state, by its options. */
export class StatePlace {
  /** The folder of an embedded state; undefined where the state is elsewhere. */
  public readonly folder?: string
  public readonly provider: StateProvider

  private readonly retention: Retention

  public constructor(
    options: StreamingOptions,
    private readonly owner: StateOwner
  ) {
    this.retention = retentionOf(options)
    const { state } = options
    if (typeof state === 'object') this.provider = state
    else {
      this.folder = state ?? defaultStateFolder(owner.environment)
      this.provider = embeddedProvider(this.folder)
    }
  }

  /** Opens it. Rejects with a `STORAGE_…` error. */
  public async open(): Promise<StateStore> {
    return this.provider.open(this.owner, this.retention)
  }

  /** Takes an embedded state for one process: `STORAGE_BUSY` if another one has it. Undefined where replicas share the state. */
  public async lock(): Promise<ExclusiveLock | undefined> {
    if (this.folder === undefined) return undefined
    return lockExclusively(join(this.folder, 'service.lock'), { holder: this.owner.appName })
  }
}

/**
 * The state of an app, opened beside its running service, for commands. What they commit is taken up by the service within a second if a
 * `notify` is committed with it. Whoever opens it closes it. Rejects with a `STORAGE_…` error.
 * @internal
 */
export async function stateOf(config: StatefulConfig): Promise<StateStore> {
  return placeOf(config).open()
}

/** Where an app keeps its state. */
export function placeOf(config: StatefulConfig): StatePlace {
  const { appName, environmentName } = config
  return new StatePlace(withProvidersState(config), { appName, environment: environmentName })
}
