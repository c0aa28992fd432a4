import type { BrokerName } from '@boostercloud/dev-brokers'

/** A server, and what may happen to it. */
export interface ChaosServerKind {
  /** What dev-brokers starts. */
  readonly broker: BrokerName
  /** Its own settings, by which clients come through the proxy and by no other way. */
  readonly settings: (proxyPort: number) => Readonly<Record<string, string>>
  /** Makes what the services need of it, where they do not make it themselves. */
  readonly prepare?: (url: string) => Promise<void>
  /** What happens to it, in the order in which a run with few faults has them. */
  readonly faults: readonly ServerFaultKind[]
  /** Whether bytes from a client hold such a request, of those that it knows: an answer that is lost is the answer to one. */
  readonly isRequest: Readonly<Partial<Record<RequestKind, (bytes: Buffer) => boolean>>>
}

/** What a service asks of a server that is durable when it is answered. */
export type RequestKind = 'publish' | 'acknowledge' | 'commit'

/**
 * What happens to a server: killed as by SIGKILL and started on its data; stopped by SIGSTOP for longer than sessions last; and by the proxy in
 * front of it, all connections reset, half-open, slow, or an answer lost when the server has done what it was asked for.
 */
export type ServerFaultKind = 'kill' | 'stall' | 'cut' | 'half-open' | 'delay' | 'lose-answer'
