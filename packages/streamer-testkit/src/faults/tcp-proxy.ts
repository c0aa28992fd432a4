import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** Which way bytes go: from whoever connected to the target, or back. */
export type Direction = 'up' | 'down'

interface Pair {
  readonly client: Socket
  readonly target: Socket
}

/**
 * A proxy on a port of 127.0.0.1 between clients and a server, which can do to their connections what networks do. Each misfortune lasts
 * until `heal`, and meets connections that are there and those that come.
 */
export class TcpProxy {
  private readonly pairs = new Set<Pair>()
  private readonly delayed = new Set<NodeJS.Timeout>()
  private refusing = false
  private swallowing: Readonly<Record<Direction, boolean>> = { up: false, down: false }
  private delayMs: Readonly<Record<Direction, number>> = { up: 0, down: 0 }
  /** Bytes of the next answer are not to arrive. */
  private losing = false

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number }
  ) {}

  /** Starts one. `port`: where it listens, a free port by default; the target need not be there yet. */
  public static async to(target: { host?: string; port: number }, port = 0): Promise<TcpProxy> {
    const server = createServer({ noDelay: true })
    const proxy = new TcpProxy(server, { host: '127.0.0.1', ...target })
    server.on('connection', (client) => proxy.accept(client))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    return proxy
  }

  /** Where clients connect. */
  public get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Connections that are there. */
  public get connections(): number {
    return this.pairs.size
  }

  /** Cuts all connections at once, as a reset does (RST); new ones are taken. */
  public cut(): void {
    for (const { client, target } of this.pairs) {
      client.resetAndDestroy()
      target.resetAndDestroy()
    }
  }

  /** Cuts all connections, and resets those that come. */
  public refuse(): void {
    this.refusing = true
    this.cut()
  }

  /** Half-open: connections stay, and come about, but no byte passes any more; what was under way is lost. */
  public swallow(...directions: Direction[]): void {
    const all = directions.length === 0
    this.swallowing = { up: all || directions.includes('up'), down: all || directions.includes('down') }
  }

  /** Bytes take so many milliseconds longer, in both directions or in one. */
  public delay(ms: number, ...directions: Direction[]): void {
    const all = directions.length === 0
    this.delayMs = { up: all || directions.includes('up') ? ms : 0, down: all || directions.includes('down') ? ms : 0 }
  }

  /**
   * What clients send arrives, the answer to it does not: the connection is cut in its place. Meets the next bytes from the server, once.
   */
  public loseNextAnswer(): void {
    this.losing = true
  }

  /** Everything passes as it should, on connections that come; those that were half-open are cut, for they have lost bytes. */
  public heal(): void {
    const wasHalfOpen = this.swallowing.up || this.swallowing.down
    this.refusing = false
    this.losing = false
    this.swallowing = { up: false, down: false }
    this.delayMs = { up: 0, down: 0 }
    if (wasHalfOpen) this.cut()
  }

  /** Ends every connection and listens no more. May be called twice. */
  public async close(): Promise<void> {
    for (const timer of this.delayed) clearTimeout(timer)
    this.cut()
    if (!this.server.listening) return
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }

  private accept(client: Socket): void {
    if (this.refusing) {
      client.on('error', () => undefined)
      client.resetAndDestroy()
      return
    }
    const target = connect({ ...this.target, noDelay: true })
    const pair = { client, target }
    this.pairs.add(pair)
    this.pass(client, target, 'up', pair)
    this.pass(target, client, 'down', pair)
  }

  private pass(from: Socket, to: Socket, direction: Direction, pair: Pair): void {
    from.on('data', (bytes) => {
      if (this.swallowing[direction]) return
      if (direction === 'down' && this.losing) {
        this.losing = false
        this.end(pair)
        return
      }
      this.later(direction, () => {
        if (!to.write(bytes)) from.pause()
      })
    })
    to.on('drain', () => from.resume())
    from.on('end', () => this.later(direction, () => to.end()))
    from.on('error', () => this.end(pair))
    from.on('close', () => this.later(direction, () => this.end(pair)))
  }

  private later(direction: Direction, work: () => void): void {
    const ms = this.delayMs[direction]
    if (ms === 0) {
      work()
      return
    }
    const timer = setTimeout(() => {
      this.delayed.delete(timer)
      work()
    }, ms)
    this.delayed.add(timer)
  }

  private end(pair: Pair): void {
    this.pairs.delete(pair)
    pair.client.destroy()
    pair.target.destroy()
  }
}
