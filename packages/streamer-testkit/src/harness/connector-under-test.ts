import type { StreamerConnector } from '@boostercloud/streamer-connector'
import type { RawRecord } from '../hostile/raw-record'
import type { ServiceParts } from '../services/parts'

/**
 * What the suite asks of a fresh connector. A connector takes what it has an option for; the rest it may ignore.
 * @public
 */
export interface CreateOverrides {
  /** The service it serves, and so its consumer group. The suite tells an `Attachable` connector the same through `attach`. */
  readonly appName: string
  readonly environment: string
  /** How long a poll waits for its first event, in milliseconds. */
  readonly pollWaitMs: number
}

/**
 * A connector as its author hands it to the suite. Two members are needed; each of the others lets cases run that would be skipped
 * by name without it.
 * @public
 */
export interface ConnectorUnderTest {
  /** A fresh connector. All that this harness ever makes reach the same broker or log. Must not connect. */
  create(overrides: CreateOverrides): StreamerConnector
  /** The name of a topic that nobody has used. Makes the topic too, where the broker does not make it by itself. */
  topic(): string | Promise<string>
  /** How another process makes the same connector. */
  readonly inOtherProcess?: OtherProcess
  /** A connector to a broker or log that is not there. Must not throw: it is what the case asserts. */
  unreachable?(): StreamerConnector
  /** A connector to a broker that would be at this port of 127.0.0.1, with short limits: the suite has a server there that never answers. */
  at?(port: number): StreamerConnector
  /** Publishes as a program that knows nothing of us does: these bytes as the body, these headers, nothing else. */
  publishForeign?(topic: string, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<void>
  /**
   * Writes a record as a client of the broker's own does, with whatever bytes in whatever place. Resolves with whether the broker has taken it: false
   * where the broker, or its client, has no form for such a record.
   */
  publishRaw?(topic: string, record: RawRecord): Promise<boolean>
  /** Records that only this broker can carry, and that nobody expects: they are published among those that every broker may get. */
  readonly hostile?: readonly OwnHostileRecord[]
  /** Makes the broker refuse, once, the events at these places (from 0) of the next `publish`. */
  refuseNext?(indexes: readonly number[]): void | Promise<void>
  /** The broker, where the suite may kill it. */
  readonly broker?: Broker
  /**
   * Changes what the suite's services on the connector are made of, as their state: to hold another state to the same cases, or to
   * put a fault in.
   */
  service?(parts: ServiceParts): ServiceParts
  /** Called once when all cases have run. */
  tearDown?(): void | Promise<void>
}

/**
 * A module that exports `create(argument: unknown, overrides: CreateOverrides): StreamerConnector`. A child process started with the
 * options of this one's Node (`process.execArgv`) loads it, so it may be TypeScript where the tests are. It may also export
 * `service(argument: unknown, parts: ServiceParts): ServiceParts`, as the harness has it.
 * @public
 */
export interface OtherProcess {
  /** The module's absolute path. */
  readonly modulePath: string
  /** What the module's `create` is given: anything that JSON can hold, as a folder or a port. */
  readonly argument?: unknown
}

/**
 * A broker that may be killed.
 * @public
 */
export interface Broker {
  /** Ends it as `kill -9` does. Resolves when it is gone. */
  kill(): Promise<void>
  /** Starts it again on the same data and port. Resolves when it takes connections. */
  start(): Promise<void>
  /** Stops its work as `SIGSTOP` does: connections stay, answers do not come. */
  stall?(): Promise<void>
  /** Has it go on, as `SIGCONT` does. */
  goOn?(): Promise<void>
}

/**
 * A record that only one broker can carry.
 * @public
 */
export interface OwnHostileRecord {
  /** What is wrong with it. */
  readonly name: string
  /** Its body, as `metadata.raw` has it; nothing else that the suite publishes has the same. */
  readonly body: Uint8Array
  /** Resolves when the broker has it. */
  publish(topic: string): Promise<void>
}
