import type { BrokerKind } from './broker-kind'

/** How a server is come by, in the order in which it is tried. */
export const WAYS: readonly Way[] = ['environment', 'container', 'installed', 'fetched']

/**
 * How a server is come by: what the environment names, a container, what is installed, or what is fetched into the cache.
 * @public
 */
export type Way = 'environment' | 'container' | 'installed' | 'fetched'

/**
 * What may be said of a server that is to be started.
 * @public
 */
export interface ServerOptions {
  /** The ways to try. Default: all. */
  readonly ways?: readonly Way[]
  /**
   * Settings of the server itself, as its kind names them: Kafka's properties, PostgreSQL's parameters, lines of `nats.conf` and
   * `rabbitmq.conf`. Nothing to one that the environment names. No container of NATS or RabbitMQ is started with them.
   */
  readonly settings?: Readonly<Record<string, string>>
  /** Where it listens on 127.0.0.1. Default: a port that is free. */
  readonly port?: number
  /** Milliseconds until it must answer. Default 120,000. */
  readonly readyMs?: number
}

/**
 * A real server. It listens on 127.0.0.1, and ends with this process, however this process ends.
 * @public
 */
export interface Server {
  readonly kind: BrokerKind
  /** How it was come by. */
  readonly way: Way
  /** Where it is, with the password if there is one. */
  readonly url: string
  /** The variable by which another process finds it. */
  readonly env: Readonly<Record<string, string>>
  /** Ends it as it likes to be ended, and removes its data. One that the environment names is left alone. May be called twice. */
  stop(): Promise<void>
  /** Ends it as by `kill -9`, and keeps its data. Rejects with `OPTION_INVALID` for one that the environment names. */
  kill(): Promise<void>
  /** Starts it again after `kill`, at the same address and on the same data. Resolves when it answers. */
  restart(): Promise<void>
  /** Stops its work as `SIGSTOP` does: connections stay, answers do not come. Rejects as `kill` does. */
  stall(): Promise<void>
  /** Has it go on after `stall`. */
  goOn(): Promise<void>
}
