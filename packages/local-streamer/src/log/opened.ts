import type { Doorbell } from './doorbell'
import type { Log } from './log'

/** What is open while the streamer is in use. */
export interface Opened {
  readonly log: Log
  readonly bell: Doorbell
}
