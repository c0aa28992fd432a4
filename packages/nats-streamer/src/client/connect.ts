import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { NatsConnection } from '@nats-io/nats-core'
import * as client from '@nats-io/transport-node'
import type { NodeConnectionOptions } from '@nats-io/transport-node'
import { NodeTransport, nodeResolveHost } from '@nats-io/transport-node/lib/node_transport'

/** What the client exports too. Its types say so through a subpath that TypeScript does not find as CommonJS. */
interface InnerClient {
  readonly NatsConnectionImpl: { connect(options: NodeConnectionOptions): Promise<NatsConnection> }
  setTransportFactory(transports: { factory(): NodeTransport; dnsResolveFn: typeof nodeResolveHost }): void
}

const { NatsConnectionImpl, setTransportFactory } = client as unknown as InnerClient

/** What the client takes, and what is done before each attempt. */
export interface ConnectOptions extends NodeConnectionOptions {
  /** Where it rejects, the attempt has failed. */
  readonly beforeConnecting?: () => Promise<void>
}

type Target = Parameters<NodeTransport['dial']>[0]

/**
 * Connects as the client of NATS does, and leaves no socket of an attempt that is given up. The client's own transport keeps it: while a
 * server accepts and says nothing, each attempt would leave one open, and no process with one ends. Rejects as the client does.
 */
export function connect(options: ConnectOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new Transport(), dnsResolveFn: nodeResolveHost })
  return NatsConnectionImpl.connect(options)
}

/** The client's transport, which knows its socket from the beginning of an attempt and destroys it where that is given up. */
class Transport extends NodeTransport {
  public override async dial(target: Target): Promise<Socket> {
    // The client keeps every option that it is given.
    await (this.options as ConnectOptions).beforeConnecting?.()
    if (this.done) throw new Error('the attempt was given up')
    return this.connectSocket(target)
  }

  private connectSocket({ hostname, port }: Target): Promise<Socket> {
    const socket = createConnection(port, hostname)
    this.socket = socket
    socket.setNoDelay(true)
    return new Promise((resolve, reject) => {
      let reason: Error | undefined
      const settle = (act: () => void): void => {
        socket.removeAllListeners()
        act()
      }
      socket.once('connect', () => settle(() => resolve(socket)))
      socket.on('error', (error) => (reason = error))
      socket.once('close', () => settle(() => reject(reason ?? new Error('the connection was closed'))))
    })
  }

  /** TLS from the first byte, on a socket that is known. */
  public override async tlsFirst(target: Target): Promise<TLSSocket> {
    await this.dial(target)
    return await super.tlsFirst(target)
  }

  public override async close(error?: Error): Promise<void> {
    if (this.connected) return await super.close(error)
    this.giveUp()
  }

  public override discard(): void {
    if (this.connected) super.discard()
    else this.giveUp()
  }

  private giveUp(): void {
    this.done = true
    this.socket?.destroy()
  }
}
