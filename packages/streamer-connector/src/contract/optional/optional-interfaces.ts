import type { GroupOwning } from './group-owning'
import { has } from './has'
import type { RawPublishing } from '../wire-message'
import type {
  ExternalEvent,
  StreamerConnector,
  StreamerConnectorFaaSInterface,
  StreamerConnectorPollingInterface,
  StreamerCapabilities,
} from '../streamer-connector'

/**
 * Declares what it can be relied on for. A connector that declares nothing is given only settled IDs, one batch at a time.
 * @public
 */
export interface Declaring {
  readonly capabilities: StreamerCapabilities
}

/**
 * What a service tells a connector before anything connects.
 * @public
 */
export interface StreamerContext {
  /** The connector's id in `config.streamers`. */
  readonly streamerId: string
  /** The service's name; with `environment` the default of a consumer group. */
  readonly appName: string
  readonly environment: string
  /** The id of the service's streaming state. Undefined without one, as in a command that only reads. */
  readonly stateId?: string
  /** Where a connector says what an operator should know. Never payloads, never secrets. */
  readonly logger?: StreamerLogger
}

/**
 * The part of Booster's logger that a connector needs.
 * @public
 */
export interface StreamerLogger {
  debug(message: string, ...details: unknown[]): void
  info(message: string, ...details: unknown[]): void
  warn(message: string, ...details: unknown[]): void
  error(message: string, ...details: unknown[]): void
}

/**
 * Wants to know which service it serves. Called once, before the first `publish` or `poll`; must not connect.
 * @public
 */
export interface Attachable {
  attach(context: StreamerContext): void
}

/**
 * Takes the settled mark without fetching: the last word at shutdown.
 * @public
 */
export interface Acknowledging {
  acknowledge(lastReceivedEventID: string, topic?: string): Promise<void>
}

/**
 * Events that were handed out and that the broker gives to another reader of the service now.
 * @public
 */
export interface Revoked {
  /** As `ExternalEvent.streamerTopic` had it. */
  readonly topic?: string
  /** Their `ExternalEvent.eventId`s. */
  readonly eventIds: readonly string[]
}

/**
 * Has parts of a topic taken away while it runs, as a consumer group does when a member comes or goes. What was handed out of them and not
 * settled is handed out to the other reader too, and its IDs settle nothing here any more.
 * @public
 */
export interface Revoking {
  /** Calls the listener each time something is taken away; answers what ends that. */
  onRevoked(listener: (revoked: Revoked) => void): () => void
}

/**
 * Holds connections. `close` ends waiting polls, may be called twice, and resolves also while disconnected.
 * @public
 */
export interface Closable {
  close(): Promise<void>
}

/**
 * Knows positions by what they mean. Only where the position is the receiver's.
 * @public
 */
export interface Positioning {
  /**
   * The position behind which a reader begins: `last`: with what comes from now on; a time: with the first event published then or
   * later. Undefined: with the first event there is.
   */
  positionAt(topic: string | undefined, at: 'last' | Date): Promise<string | undefined>
}

/**
 * For whom topics are made.
 * @public
 */
export interface ProvisionOptions {
  /** Whether this service reads them. Where it only publishes, nothing is made that gathers events for a reader, as a queue that nobody would empty. Default true. */
  readonly reads?: boolean
}

/**
 * Makes what topics need at the broker: topics, queues, rules. What is there already stays as it is; nothing is made smaller or
 * removed, so it may be called at every start and by several processes at once.
 * @public
 */
export interface Provisionable {
  provision(topics: readonly string[], options?: ProvisionOptions): Promise<void>
}

/**
 * Where a replay begins and ends: a position, a time, or open. `from` is included, `to` is not.
 * @public
 */
export interface ReplayRange {
  readonly from?: string | Date
  readonly to?: string | Date
}

/**
 * Reads old events again, in order, without moving anybody's position.
 * @public
 */
export interface Replayable {
  read(topic: string | undefined, range: ReplayRange): AsyncIterable<ExternalEvent>
}

/**
 * The health of a connector: whether it works, and what an operator would want to see.
 * @public
 */
export interface StreamerHealth {
  readonly healthy: boolean
  /** Plain values by name, as `{ lag: 12, connected: true }`. */
  readonly details: Readonly<Record<string, string | number | boolean>>
}

/**
 * Says how it is.
 * @public
 */
export interface HealthReporting {
  health(): Promise<StreamerHealth>
}

/**
 * Says how many events its group has not settled, also while nobody of the group reads: nothing is consumed by that, and no group is joined.
 * @public
 */
export interface LagReporting {
  /**
   * Of a topic. `position`: how far the receiver is, where it keeps the position; undefined: it has settled nothing yet. As exact as the broker is, which
   * may count what was handed out and is not settled, or leave it out. Undefined where the group has nothing at the broker yet. Rejects as a poll does.
   */
  lag(topic?: string, position?: string): Promise<number | undefined>
}

/**
 * Whether a value can publish and can receive in at least one way.
 * @public
 */
export function isStreamerConnector(value: unknown): value is StreamerConnector {
  return has(value, 'publish') && (isPolling(value) || isPushed(value))
}

/**
 * Whether events can be polled from it.
 * @public
 */
export function isPolling(value: unknown): value is StreamerConnectorPollingInterface {
  return has(value, 'poll')
}

/**
 * Whether a function's input can be read by it.
 * @public
 */
export function isPushed(value: unknown): value is StreamerConnectorFaaSInterface {
  return has(value, 'transformEvents')
}

/**
 * Whether it declares capabilities.
 * @public
 */
export function isDeclaring(value: unknown): value is Declaring {
  if (typeof value !== 'object' || value === null) return false
  const { capabilities } = value as Partial<Declaring>
  return typeof capabilities === 'object' && capabilities !== null
}

/**
 * Whether it wants to know which service it serves.
 * @public
 */
export function isAttachable(value: unknown): value is Attachable {
  return has(value, 'attach')
}

/**
 * Whether it takes a settled mark without fetching.
 * @public
 */
export function isAcknowledging(value: unknown): value is Acknowledging {
  return has(value, 'acknowledge')
}

/**
 * Whether it says what is taken away from it.
 * @public
 */
export function isRevoking(value: unknown): value is Revoking {
  return has(value, 'onRevoked')
}

/**
 * Whether it keeps which state its group belongs to.
 * @experimental
 */
export function isGroupOwning(value: unknown): value is GroupOwning {
  return has(value, 'ownGroup') && has(value, 'leaveGroup')
}

/**
 * Whether it holds something that is to be closed.
 * @public
 */
export function isClosable(value: unknown): value is Closable {
  return has(value, 'close')
}

/**
 * Whether it makes what topics need.
 * @public
 */
export function isProvisionable(value: unknown): value is Provisionable {
  return has(value, 'provision')
}

/**
 * Whether it says how much its group has not settled.
 * @public
 */
export function isLagReporting(value: unknown): value is LagReporting {
  return has(value, 'lag')
}

/**
 * Whether old events can be read again.
 * @public
 */
export function isReplayable(value: unknown): value is Replayable {
  return has(value, 'read')
}

/**
 * Whether recorded messages can be published to it again.
 * @public
 */
export function isRawPublishing(value: unknown): value is RawPublishing {
  return has(value, 'publishRaw')
}

/**
 * Whether it knows positions by what they mean.
 * @public
 */
export function isPositioning(value: unknown): value is Positioning {
  return has(value, 'positionAt')
}

/**
 * Whether it says how it is.
 * @public
 */
export function isHealthReporting(value: unknown): value is HealthReporting {
  return has(value, 'health')
}
