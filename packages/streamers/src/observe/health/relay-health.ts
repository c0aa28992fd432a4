import { CLOCKS_APART_MS } from '@boostercloud/streamer-connector'
import type { RelayReport } from '../../publish'
import type { Kept } from './kept'

/**
 * How publishing to an address is.
 * @public
 */
export interface RelayHealth {
  /** With its topic. */
  readonly address: string
  readonly healthy: boolean
  /** `publish-fails`: the last try did. `stalled`: an event waits, and nothing was published, for `stallMs`. */
  readonly problem?: 'publish-fails' | 'stalled'
  /** Events that are stored and that the broker has not confirmed. */
  readonly pending: number
  readonly oldestPendingMs?: number
}

/** How a relay is. */
export function relayHealth(
  { address, publishes, lastProgressAt }: RelayReport,
  { kept, now, stallMs }: { readonly kept: Kept; readonly now: number; readonly stallMs: number }
): RelayHealth {
  const { count = 0, oldestAt = now } = kept.pending.get(address) ?? {}
  // What was marked by a clock that was ahead does not say since when it waits.
  const waitsSince = oldestAt > now + CLOCKS_APART_MS ? lastProgressAt : Math.max(oldestAt, lastProgressAt)
  const isStalled = now - waitsSince > stallMs && count > 0
  const problem = publishes ? (isStalled ? 'stalled' : undefined) : 'publish-fails'
  const oldestPendingMs = count > 0 ? Math.max(0, now - oldestAt) : undefined
  return { address, healthy: problem === undefined, problem, pending: count, oldestPendingMs }
}
