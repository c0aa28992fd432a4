import { WebSocket } from 'ws'
import { eventually } from '../../../streamers/test/support/eventually'

/** A message of the protocol `subscriptions-transport-ws`, which Booster speaks. */
export interface SocketMessage {
  readonly type: string
  readonly id?: string
  readonly payload?: { readonly data?: Readonly<Record<string, unknown>>; readonly errors?: readonly unknown[] }
}

/** A client of Booster's websocket. */
export class SocketClient {
  public readonly received: SocketMessage[] = []

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.received.push(JSON.parse(data.toString('utf8')) as SocketMessage))
  }

  /** Connects, begins and is welcomed. */
  public static async open(port: number): Promise<SocketClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/websocket`, 'graphql-ws')
    const client = new SocketClient(socket)
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    // The server listens to a socket only after it has taken it in, which it does not tell.
    await eventually(() => {
      client.send({ type: 'connection_init', payload: {} })
      return client.received.some(({ type }) => type === 'connection_ack')
    })
    return client
  }

  public send(message: object): void {
    this.socket.send(JSON.stringify(message))
  }

  public start(id: string, query: string, variables: object = {}): void {
    this.send({ type: 'start', id, payload: { query, variables } })
  }

  /** What has come for an operation. */
  public of(id: string): SocketMessage[] {
    return this.received.filter((message) => message.id === id)
  }

  /** Waits until so much has come for an operation. */
  public async until(id: string, count: number): Promise<SocketMessage[]> {
    await eventually(
      () => this.of(id).length >= count,
      () => this.received.slice(-5)
    )
    return this.of(id)
  }

  public async close(): Promise<void> {
    const closed = new Promise((resolve) => this.socket.once('close', resolve))
    this.socket.close()
    await closed
  }
}
