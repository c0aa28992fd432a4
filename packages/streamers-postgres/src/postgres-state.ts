import { SqlStateStore } from '@boostercloud/streamers/state'
import type { StateOwner, StateProvider, StateStore } from '@boostercloud/streamers/state'
import { resolveOptions } from './options'
import type { PostgresStateOptions, ResolvedOptions } from './options'
import { PostgresDatabase } from './postgres-database'

/**
 * The streaming state of a service on PostgreSQL, shared by its replicas on several machines: `config.streaming = { state:
 * PostgresState.at({ url }) }`. A commit is on the server's disk when it resolves.
 * @public
 */
export class PostgresState implements StateProvider {
  public readonly shared = true

  private constructor(private readonly options: ResolvedOptions) {}

  /** Nothing connects yet. Throws `OPTION_INVALID`. */
  public static at(options: PostgresStateOptions): PostgresState {
    return new PostgresState(resolveOptions(options))
  }

  public async open(owner: StateOwner): Promise<StateStore> {
    return new SqlStateStore(await PostgresDatabase.open(this.options, owner))
  }
}
