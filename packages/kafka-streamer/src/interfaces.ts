import type {
  Acknowledging,
  Bounded,
  Copyable,
  Deployable,
  GroupOwning,
  HealthReporting,
  LagReporting,
  Provisionable,
  RawPublishing,
  Replayable,
  Revoking,
} from '@boostercloud/streamer-connector'

/** What the streamer can do beside publishing and receiving. */
export type OptionalInterfaces = RawPublishing &
  Bounded &
  Copyable &
  Deployable &
  Acknowledging &
  GroupOwning &
  Revoking &
  Provisionable &
  Replayable &
  HealthReporting &
  LagReporting
