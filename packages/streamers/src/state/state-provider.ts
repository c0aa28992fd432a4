import type { StateStore } from './state-store'

/** Whose state it is. */
export interface StateOwner {
  readonly appName: string
  readonly environment: string
}

/** Where a service keeps its state: given as `config.streaming.state`. */
export interface StateProvider {
  /** Whether the replicas of a service share it. If not, a second service process on it is refused at boot. */
  readonly shared: boolean
  /** Opens the state of a service. Rejects with a `STORAGE_…` error. */
  open(owner: StateOwner): Promise<StateStore>
}
