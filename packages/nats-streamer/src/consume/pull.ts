import { Signal, endsWithin } from '@boostercloud/streamer-connector'
import { createInbox, nanos } from '@nats-io/nats-core'
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core'

/** What one consumer's messages are fetched by. */
export interface PullOptions {
  readonly connection: NatsConnection
  readonly stream: string
  readonly consumer: string
  readonly inboxPrefix?: string
  /** Messages fetched ahead, at most. */
  readonly ahead: number
}

/** Bytes fetched ahead, beyond which nothing more is asked for; two requests may be under way besides. */
const AHEAD_BYTES = 8_000_000
/** How long the server keeps a request; milliseconds. */
const REQUEST_MS = 30_000
/** How often the server says that it is there; milliseconds. */
const HEARTBEAT_MS = 5_000
/** Silence after which it is not. */
const SILENCE_MS = HEARTBEAT_MS * 2.5

/** How long a server may take to say that it sends nothing more. */
const LAST_MESSAGES_MS = 2_000

const HEARTBEAT = 100
const NOTHING_THERE = 404
const REQUEST_OVER = 408
const CONFLICT = 409
const NO_RESPONDERS = 503

/**
 * The messages of a consumer, fetched ahead up to a bound. It ends where the consumer is gone, the connection is cut or the server is
 * silent, and does not begin again: whoever reads makes a new one from where it is.
 */
export class Pull {
  private readonly inbox: string
  private readonly requestBytes: number
  private readonly subscription: Pick<Subscription, 'unsubscribe' | 'drain'>
  private readonly watchdog: NodeJS.Timeout
  private messages: Msg[] = []
  private bytes = 0
  /** Asked for and not yet come. */
  private requested = 0
  private heardAt = performance.now()
  private readonly arrivals = new Signal()
  private failure?: Error

  public constructor(private readonly options: PullOptions) {
    const { connection, inboxPrefix } = options
    this.inbox = createInbox(inboxPrefix)
    this.requestBytes = Math.max(AHEAD_BYTES, (connection.info?.max_payload ?? 0) * 2)
    this.subscription = connection.subscribe(this.inbox, {
      callback: (error, message) => (error ? this.end(error) : this.receive(message)),
    })
    this.watchdog = setInterval(() => this.watch(), HEARTBEAT_MS)
    this.refill()
  }

  /** Why it has ended, if it has. What it had fetched may still be taken. */
  public get ended(): Error | undefined {
    return this.failure
  }

  /** Fetched and not taken. */
  public get fetched(): readonly Msg[] {
    return this.messages
  }

  /** Messages that are there, in the order of the stream. */
  public take(limit: number): Msg[] {
    const taken = this.messages.length <= limit ? this.messages : this.messages.slice(0, limit)
    this.messages = this.messages.length <= limit ? [] : this.messages.slice(limit)
    for (const message of taken) this.bytes -= message.data.length
    this.refill()
    return taken
  }

  /** Resolves when there is a message, when it has ended, or after so many milliseconds. */
  public async arrived(limitMs: number): Promise<void> {
    if (this.messages.length === 0 && !this.failure) await this.arrivals.next(limitMs)
  }

  /** Fetches no more. May be called twice. */
  public end(why: Error): void {
    if (this.stop(why) && !this.options.connection.isClosed()) this.subscription.unsubscribe()
  }

  /** The same; resolves when all that the server had sent is there to be taken. Never rejects, and takes no longer than a few seconds. */
  public async drain(why: Error): Promise<void> {
    if (this.stop(why) && !this.options.connection.isClosed())
      await endsWithin(LAST_MESSAGES_MS, this.subscription.drain())
  }

  /** Whether it had not ended before. */
  private stop(why: Error): boolean {
    if (this.failure) return false
    this.failure = why
    clearInterval(this.watchdog)
    this.arrivals.give()
    return true
  }

  private receive(message: Msg): void {
    this.heardAt = performance.now()
    if (message.subject === this.inbox) {
      this.hear(message)
      return
    }
    this.messages.push(message)
    this.bytes += message.data.length
    this.requested -= 1
    this.arrivals.give()
  }

  /** What the server says of a request: it is under way, it is over, or the consumer is no more. */
  private hear({ headers }: Msg): void {
    const code = headers?.code ?? 0
    const what = headers?.description ?? ''
    if (code === HEARTBEAT) return
    if (!isOver(code, what)) {
      this.end(new Error(code === NO_RESPONDERS ? 'the consumer is no more' : what))
      return
    }
    const left = headers?.get('Nats-Pending-Messages')
    this.requested = left ? Math.max(0, this.requested - Number(left)) : 0
    this.refill()
  }

  private refill(): void {
    const { connection, ahead, stream, consumer } = this.options
    const room = ahead - this.messages.length - this.requested
    if (this.failure || this.requested > ahead / 2 || room < ahead / 2 || this.bytes > AHEAD_BYTES) return
    const request = {
      batch: room,
      max_bytes: this.requestBytes,
      expires: nanos(REQUEST_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    }
    this.requested += room
    try {
      const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`
      connection.publish(subject, JSON.stringify(request), { reply: this.inbox })
    } catch (error) {
      this.end(error as Error)
    }
  }

  private watch(): void {
    if (this.requested > 0 && performance.now() - this.heardAt > SILENCE_MS) this.end(new Error('the server is silent'))
  }
}

/** Whether a request has ended as requests do: in time, at its bound of bytes, or with all that it asked for. */
function isOver(code: number, what: string): boolean {
  if (code === REQUEST_OVER || code === NOTHING_THERE) return true
  return code === CONFLICT && /exceeds maxbytes|batch completed/i.test(what)
}
