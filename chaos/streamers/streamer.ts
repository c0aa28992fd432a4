import type { BrokerName } from '@boostercloud/streamer-testkit'

/** A streamer that the chain can run on. A new one is a file that says this, and a line in index.ts. */
export interface ChaosStreamer {
  readonly name: string
  /** What the services stream with, told where the server is. */
  readonly connector: (url: string) => ConnectorChoice
  /** What runs besides the services; absent: nothing. */
  readonly server?: ChaosServerKind
  /** Failpoints that no service on it comes to. */
  readonly neverReached: readonly string[]
  /** Milliseconds of silence after which a service is taken for dead, where the server does so. */
  readonly sessionMs?: number
  /** Milliseconds that a fault may take to come about; then more and more is sent, so that it does. */
  readonly patienceMs: number
  /** Milliseconds without any progress after which what is still missing is lost. */
  readonly stallMs: number
  /** Milliseconds within which comes what should not come. */
  readonly settleMs: number
}

/** An export of a package, and what its `with` is given. */
export interface ConnectorChoice {
  readonly package: string
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
}

/** A server, and what may happen to it. */
export interface ChaosServerKind {
  /** What the test kit starts. */
  readonly broker: BrokerName
  /** Its own settings, by which clients come through the proxy and by no other way. */
  readonly settings: (proxyPort: number) => Readonly<Record<string, string>>
  /** What happens to it, in the order in which a run with few faults has them. */
  readonly faults: readonly ServerFaultKind[]
  /** Whether bytes from a client begin with such a request: an answer that is lost is the answer to one. */
  readonly isRequest: Readonly<Record<RequestKind, (bytes: Buffer) => boolean>>
}

/** What a service asks of a server that is durable when it is answered. */
export type RequestKind = 'publish' | 'acknowledge'

/**
 * What happens to a server: killed as by SIGKILL and started on its data; stopped by SIGSTOP for longer than sessions last; and by the proxy in
 * front of it, all connections reset, half-open, slow, or an answer lost when the server has done what it was asked for.
 */
export type ServerFaultKind = 'kill' | 'stall' | 'cut' | 'half-open' | 'delay' | 'lose-answer'
