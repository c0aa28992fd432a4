import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/**
 * Which way bytes go: `up` from the client to the target, `down` back.
 * @public
 */
export type Direction = 'up' | 'down'

interface Pair {
  readonly client: Socket
  readonly target: Socket
  /** Set where the next bytes from the target are not to arrive. */
  losesAnswer?: () => void
}

/** An answer that is to be lost. */
interface Loss {
  readonly to: (request: Buffer) => boolean
  readonly lost: () => void
}

/**
 * A proxy on a port of 127.0.0.1 between clients and a server, which can do to their connections what networks do. Each misfortune lasts
 * until `heal`, and meets connections that are there and those that come.
 * @public
 */
export class TcpProxy {
  private readonly pairs = new Set<Pair>()
  private readonly ways = new Set<Way>()
  private refusing = false
  private swallowing: Readonly<Record<Direction, boolean>> = { up: false, down: false }
  private delayMs: Readonly<Record<Direction, number>> = { up: 0, down: 0 }
  private losing?: Loss

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
   * What clients send arrives, the answer to it does not: the connection is cut in its place. Meets, once, the next bytes from the server on the
   * connection on which something was sent that `to` knows by its first bytes; by default anything is. Resolves when it has happened.
   */
  public async loseNextAnswer(to: (request: Buffer) => boolean = () => true): Promise<void> {
    await new Promise<void>((lost) => (this.losing = { to, lost }))
  }

  /** Everything passes as it should, on connections that come; those that were half-open are cut, for they have lost bytes. */
  public heal(): void {
    const wasHalfOpen = this.swallowing.up || this.swallowing.down
    this.refusing = false
    this.losing = undefined
    for (const pair of this.pairs) pair.losesAnswer = undefined
    this.swallowing = { up: false, down: false }
    this.delayMs = { up: 0, down: 0 }
    if (wasHalfOpen) this.cut()
  }

  /** Ends every connection and listens no more. May be called twice. */
  public async close(): Promise<void> {
    this.delayMs = { up: 0, down: 0 }
    for (const way of this.ways) way.close()
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
    const way = new Way(() => this.delayMs[direction])
    this.ways.add(way)
    from.on('data', (bytes) => {
      if (this.swallowing[direction] || this.loses(bytes, direction, pair)) return
      way.pass(() => {
        if (!to.write(bytes)) from.pause()
      })
    })
    to.on('drain', () => from.resume())
    from.on('end', () => way.pass(() => to.end()))
    from.on('error', () => this.end(pair))
    from.on('close', () =>
      way.pass(() => {
        this.ways.delete(way)
        this.end(pair)
      })
    )
  }

  /** Whether these bytes are the answer that is to be lost; takes note of what asks for it. */
  private loses(bytes: Buffer, direction: Direction, pair: Pair): boolean {
    if (direction === 'up') {
      if (!this.losing?.to(bytes)) return false
      pair.losesAnswer = this.losing.lost
      this.losing = undefined
      return false
    }
    if (!pair.losesAnswer) return false
    pair.losesAnswer()
    this.end(pair)
    return true
  }

  private end(pair: Pair): void {
    this.pairs.delete(pair)
    pair.client.destroy()
    pair.target.destroy()
  }
}

/** One direction of one connection: what is delayed keeps its order, whatever becomes of the delay meanwhile. */
class Way {
  private readonly waiting: { readonly due: number; readonly work: () => void }[] = []
  private timer?: NodeJS.Timeout

  public constructor(private readonly delayMs: () => number) {}

  public pass(work: () => void): void {
    const ms = this.delayMs()
    if (ms === 0 && this.waiting.length === 0) {
      work()
      return
    }
    this.waiting.push({ due: Date.now() + ms, work })
    this.timer ??= setTimeout(() => this.goOn(), ms)
  }

  public close(): void {
    clearTimeout(this.timer)
    this.waiting.length = 0
  }

  private goOn(): void {
    while (this.waiting.length > 0 && this.waiting[0].due <= Date.now()) this.waiting.shift()?.work()
    this.timer = this.waiting.length > 0 ? setTimeout(() => this.goOn(), this.waiting[0].due - Date.now()) : undefined
  }
}
