import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { EventSource, Outbox } from '../publish'
import type { Effects } from '../receive'
import type { TimerEffects } from '../timers'
import type { Groups } from './groups'

/** The service that streams, as far as the runtime needs to know it. */
export interface Service {
  readonly appName: string
  readonly environment: string
  readonly log: StreamerLogger
  /** Its event store, for the relay. */
  readonly events: EventSource
  /** Its handlers, and the way into its event store. */
  effectsWith(outbox: Outbox): Effects
  /** For whom timers fire. */
  timersWith(outbox: Outbox): readonly TimerEffects[]
}

/** This run of the service's process. */
export interface Run {
  /** Whether replicas share its state. */
  readonly shared: boolean
  /** Under what name it holds what only one may. */
  readonly owner: string
  /** What it holds at the brokers; undefined where it runs only while it is called. */
  readonly groups?: Pick<Groups, 'require' | 'isHeld' | 'isLost'>
}

/** An event that is streamed and is to be deleted. */
export interface DeletedEvent {
  readonly id: string
  readonly typeName: string
}
