import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { EventInterface } from '@boostercloud/framework-types'
import {
  BaseStreamer,
  OnDemand,
  PACKED_MESSAGES,
  Signal,
  StreamerError,
  cloudEvents,
  decodedInOrder,
  endsWithin,
  option,
  packedMessage,
  settingsOf,
} from '@boostercloud/streamer-connector'
import type { ExternalEvent, SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'

/** What `TcpStreamer.with` takes. */
export interface TcpStreamerOptions {
  /** The port of a log server on this machine: a line of JSON asks, a line of JSON answers. */
  readonly port: number
  /** How long a poll waits for its first event; milliseconds. Default 500. */
  readonly pollWaitMs?: number
}

const OPTIONS = {
  port: option.whole(1, 65_535).required,
  pollWaitMs: option.milliseconds(0, 3_600_000).or(500),
} satisfies SchemaOf<TcpStreamerOptions>

type Settings = SettingsOf<typeof OPTIONS> & { readonly codec: typeof cloudEvents; readonly maxEventBytes: number }

/** What is asked of the server: to add records to a topic, or to read those behind a place. */
type Question = { readonly topic: string } & ({ readonly add: readonly string[] } | { readonly after: number })

const ANSWER_MS = 5_000
const LAST_ANSWER_MS = 2_000
const LOOK_AGAIN_MS = 20

/** A streamer over a server that keeps a list of records for each topic. */
export class TcpStreamer extends BaseStreamer<Settings> {
  private readonly ending = new Signal()
  private readonly connections = new OnDemand<Connection>({
    open: () => Connection.open(this.settings.port),
    close: (connection) => connection.end(),
    isGone: (connection) => connection.isGone,
    closed: () => this.closedError(),
  })

  public static with(options: TcpStreamerOptions): TcpStreamer {
    const settings = { ...settingsOf('TcpStreamer', OPTIONS, options), codec: cloudEvents, maxEventBytes: 256 * 1024 }
    return new TcpStreamer('Tcp', settings, {
      position: 'receiver',
      ordering: 'topic',
      durable: false,
      replay: true,
      delivery: 'poll',
    })
  }

  public async publish(events: EventInterface[], topic?: string): Promise<void> {
    this.assertOpen()
    const name = this.topicFor(topic)
    const records = await this.encode(events, name, packedMessage)
    const connection = await this.connections.get()
    if (records.length > 0) await connection.ask({ topic: name, add: records.map(({ content }) => content) })
  }

  public async poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    this.assertOpen()
    const name = this.topicFor(topic)
    const after = Number(lastReceivedEventID ?? 0)
    const end = performance.now() + this.settings.pollWaitMs
    while (!this.isClosed) {
      const connection = await this.connections.get()
      const records = await connection.ask({ topic: name, after })
      if (records.length > 0) {
        const numbered = records.map((record, index) => ({
          bytes: Buffer.from(record, 'base64'),
          number: after + index + 1,
        }))
        return decodedInOrder(numbered, ({ bytes, number }) =>
          this.decode(bytes, PACKED_MESSAGES, name, String(number))
        )
      }
      if (performance.now() >= end) return []
      await this.ending.next(LOOK_AGAIN_MS)
    }
    return []
  }

  protected override async end(): Promise<void> {
    this.ending.give()
    await this.connections.end()
  }
}

/** One connection, one question at a time. */
class Connection {
  public isGone = false
  private turn: Promise<unknown> = Promise.resolve()
  private readonly lines: string[] = []
  private readonly arrivals = new Signal()

  private constructor(private readonly socket: Socket) {
    const reader = createInterface({ input: socket })
    reader.on('line', (line) => {
      this.lines.push(line)
      this.arrivals.give()
    })
    for (const one of [socket, reader]) one.on('error', () => this.lose())
    socket.on('close', () => this.lose())
  }

  public static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1')
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', (cause) => reject(unavailable(`cannot be reached (${cause.message})`, cause)))
    })
    return new Connection(socket)
  }

  /** The records that answer a question, as Base64; none where some were added. */
  public ask(question: Question): Promise<readonly string[]> {
    const answer = this.turn.then(() => this.askNow(question))
    this.turn = answer.catch(() => undefined)
    return answer
  }

  /** Lets what is asked be answered, for a while. */
  public async end(): Promise<void> {
    await endsWithin(LAST_ANSWER_MS, this.turn)
    this.socket.destroy()
  }

  private async askNow(question: Question): Promise<readonly string[]> {
    if (!this.isGone) this.socket.write(`${JSON.stringify(question)}\n`)
    if (!this.isGone && this.lines.length === 0) await this.arrivals.next(ANSWER_MS)
    const line = this.lines.shift()
    if (line !== undefined) return JSON.parse(line) as string[]
    // An answer that comes later would be taken for the next one's.
    this.socket.destroy()
    throw unavailable(this.isGone ? 'has closed the connection' : `has not answered within ${ANSWER_MS} ms`)
  }

  private lose(): void {
    this.isGone = true
    this.arrivals.give()
  }
}

function unavailable(why: string, cause?: unknown): StreamerError {
  return new StreamerError('STREAMER_UNAVAILABLE', `The log server ${why}.`, {
    hint: 'Start it, or give TcpStreamer.with its port.',
    retryable: true,
    cause,
  })
}
