import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { StateStore } from '../state'
import type { Limiter } from '../timing'
import type { RetrySurroundings } from './retries'
import type { Turns } from './turns'

/** What all lanes of a receiver share. */
export interface LaneSurroundings extends RetrySurroundings {
  readonly state: StateStore
  readonly log: StreamerLogger
  /** Whether events may wait in memory behind a parked one. */
  readonly mayWait: boolean
  /** Of the process. */
  readonly turns: Turns
  /** Of the address. */
  readonly slots: Limiter
  /** Whether what waits may be begun: not while another state may be given it too. */
  readonly isOurs: () => boolean
  /** Whether the address has several handlers, of which one must not hold the others up. */
  readonly isShared: boolean
}
