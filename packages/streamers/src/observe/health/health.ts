import { isHealthReporting, within } from '@boostercloud/streamer-connector'
import type { RecordingHealth, StreamerConnector, StreamerHealth } from '@boostercloud/streamer-connector'
import type { RelayReport } from '../../publish'
import type { ReceiverReport } from '../../receive'
import type { StateStore } from '../../state'
import { errorCode } from '../error-code'
import type { IgnoredAt } from './ignored-types'
import { readKept } from './kept'
import type { StateHealth } from './kept'
import type { LastErrors } from './last-errors'
import { leftBehind } from './left-behind'
import type { KnownNames, LeftBehind } from './left-behind'
import { linkHealth } from './link-health'
import type { LinkHealth } from './link-health'
import { relayHealth } from './relay-health'
import type { RelayHealth } from './relay-health'
import { evenNow } from '../../timing'

/**
 * How a streamer's connector says it is.
 * @public
 */
export interface ConnectorHealth extends StreamerHealth {
  readonly streamerId: string
}

/**
 * How streaming in a service is, at one moment.
 * @public
 */
export interface StreamingHealth {
  /** Whether everything below is. */
  readonly healthy: boolean
  readonly state: StateHealth
  readonly links: readonly LinkHealth[]
  readonly relays: readonly RelayHealth[]
  readonly streamers: readonly ConnectorHealth[]
  /** How each address is recorded by `config.streaming.lake`. */
  readonly recordings: readonly RecordingHealth[]
  /** What the state keeps for handlers and addresses that this service does not have. Says nothing of `healthy`: another version may have them. */
  readonly leftBehind: readonly LeftBehind[]
  /** Events that came since the start of this process and that no handler of their address takes. Says nothing of `healthy`. */
  readonly ignored: readonly IgnoredAt[]
}

/** Where health is read. */
export interface HealthSources {
  readonly state: StateStore
  readonly streamers: ReadonlyMap<string, StreamerConnector>
  readonly receivers: () => readonly ReceiverReport[]
  readonly relays: () => readonly RelayReport[]
  /** What the code has. */
  readonly known: KnownNames
  readonly ignored: () => readonly IgnoredAt[]
  readonly recordings: () => Promise<readonly RecordingHealth[]>
  readonly lastErrors: LastErrors
  readonly stallMs: number
}

/** Milliseconds that a connector may take to say how it is. */
const ASKED_FOR_MS = 5_000

/** Asks everything how it is. Never rejects. */
export async function healthOf(sources: HealthSources): Promise<StreamingHealth> {
  const { stallMs, lastErrors } = sources
  const now = evenNow()
  const [kept, streamers, recordings] = await Promise.all([
    readKept(sources.state),
    Promise.all([...sources.streamers].map(([id, connector]) => connectorHealth(id, connector))),
    sources.recordings(),
  ])
  const links = sources.receivers().flatMap((report) => linkHealth(report, { kept, lastErrors, now, stallMs }))
  const relays = sources.relays().map((report) => relayHealth(report, { kept, now, stallMs }))
  const { state } = kept
  const healthy = [state, ...links, ...relays, ...streamers, ...recordings].every((one) => one.healthy)
  const ignored = sources.ignored()
  const left = leftBehind(kept, sources.known)
  return { healthy, state, links, relays, streamers, recordings, leftBehind: left, ignored }
}

async function connectorHealth(streamerId: string, connector: StreamerConnector): Promise<ConnectorHealth> {
  if (!isHealthReporting(connector)) return { streamerId, healthy: true, details: {} }
  const late = (): StreamerHealth => ({ healthy: false, details: { answers: false } })
  try {
    return { streamerId, ...(await within(ASKED_FOR_MS, connector.health(), late)) }
  } catch (error) {
    return { streamerId, healthy: false, details: { error: errorCode(error, 'FAILED') } }
  }
}
