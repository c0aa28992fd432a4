import type { StreamerCapabilities } from '@boostercloud/streamer-connector'

/**
 * What the author of a connector expects of it.
 * @public
 */
export interface ConformanceOptions {
  /** The capabilities that the connector must declare, exactly these; asserted by `declares_its_capabilities`. Default: whatever it declares. */
  readonly capabilities?: StreamerCapabilities
  /** The names of the cases that are skipped, exactly these, so that none is lost unseen. Default: whatever is skipped. */
  readonly skipped?: readonly string[]
  /** How long anything awaited may take, in milliseconds. Default 60,000. */
  readonly limitMs?: number
  /**
   * How long `slow_handler_keeps_membership` keeps a handler, in milliseconds: longer than the broker's session. Default a third of
   * `limitMs`, at most 2,000.
   */
  readonly slowHandlerMs?: number
  /** The most events that one poll may hand out. Default 1,000. */
  readonly maxBatchEvents?: number
}
