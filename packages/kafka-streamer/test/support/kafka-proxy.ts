import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { asOlder, frames } from './older-broker'
import type { OlderBroker } from './older-broker'
import { produceIn, refusal } from './produce-frames'

/** https://kafka.apache.org/protocol#protocol_api_keys */
const [FETCH, API_VERSIONS] = [1, 18]

/**
 * Between a client and a Kafka that advertises this address: cuts connections, and refuses records as a broker does that validates them. What it
 * refuses does not reach the broker.
 */
export class KafkaProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>()
  private toMark: number[] = []
  private readonly marked = new Set<string>()
  private isDown = false
  private holdsFetches = false
  private older?: OlderBroker

  private constructor(
    private readonly server: Server,
    private readonly target: () => number
  ) {}

  /** Listens on a free port, or on the given one; `target` is asked at each connection. */
  public static async listen(target: () => number, port = 0): Promise<KafkaProxy> {
    const server = createServer({ noDelay: true })
    const proxy = new KafkaProxy(server, target)
    server.on('connection', (client) => proxy.accept(client))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    return proxy
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Ends all connections; new ones are made, unless it is down. */
  public cut(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy()
  }

  /** Takes no connections until it is up again. */
  public down(isDown: boolean): void {
    this.isDown = isDown
    if (isDown) this.cut()
  }

  /** Lets no request for records through; everything else goes on. */
  public holdFetches(holds: boolean): void {
    this.holdsFetches = holds
    if (!holds) this.cut()
  }

  /** Has clients that connect from now on find a broker that knows no higher versions of these requests. */
  public actAsOlder(older: OlderBroker | undefined): void {
    this.older = older
    this.cut()
  }

  /** Refuses, once, the records at these places of the next batch, alone and in every batch that has one of them. */
  public refuse(indexes: readonly number[]): void {
    this.toMark = [...indexes]
  }

  public async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private accept(client: Socket): void {
    if (this.isDown) return void client.destroy()
    const broker = connect({ port: this.target(), host: '127.0.0.1', noDelay: true })
    const pair = [client, broker] as const
    this.pairs.add(pair)
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.pairs.delete(pair)
        for (const each of pair) each.destroy()
      })
    }
    const { older } = this
    const asked = new Set<number>()
    if (older === undefined) broker.pipe(client)
    else frames(broker, (frame) => client.write(asked.delete(frame.readInt32BE(4)) ? asOlder(frame, older) : frame))
    frames(client, (frame) => {
      if (frame.readInt16BE(4) === API_VERSIONS) asked.add(frame.readInt32BE(8))
      const answer = this.refusalOf(frame)
      if (this.holdsFetches && frame.readInt16BE(4) === FETCH) return
      if (answer) client.write(answer)
      else broker.write(frame)
    })
  }

  private refusalOf(frame: Buffer): Buffer | undefined {
    if (this.toMark.length === 0 && this.marked.size === 0) return undefined
    const produce = produceIn(frame)
    if (!produce) return undefined
    for (const index of this.toMark.splice(0)) {
      const value = produce.values[index]
      if (value !== undefined) this.marked.add(value)
    }
    if (!produce.values.some((value) => this.marked.has(value))) return undefined
    if (produce.values.length === 1) this.marked.delete(produce.values[0] as string)
    return refusal(produce)
  }
}
