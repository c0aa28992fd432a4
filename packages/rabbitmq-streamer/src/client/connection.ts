import { within, Renewed, endsWithin } from '@boostercloud/streamer-connector'
import { connect } from 'amqplib'
import type { Channel, ChannelModel } from 'amqplib'
import type { RabbitMQStreamerSettings } from '../options'
import { readHeadersHere } from './amqplib-frames'
import { closed, errorFrom } from './errors'
import { loginFor } from './login'

/** How long the server may take to answer that something is closed. */
const CLOSE_MS = 2000

/** A connection that comes back by itself. Publishing and receiving each have one: RabbitMQ stops reading from those that publish when it is short of memory or disk. */
export class Connection {
  private readonly models: Renewed<ChannelModel>
  private readonly hurried: (() => void)[] = []
  private readonly unblocked: (() => void)[] = []
  private preferred = 0
  private blockedBy?: string
  private isClosing = false

  public constructor(
    private readonly settings: RabbitMQStreamerSettings,
    private readonly name: () => string
  ) {
    this.models = new Renewed({ open: (lost) => this.open(lost), close: (model) => closeModel(model), closed })
  }

  /** The open connection, or what comes of the try that is under way or next. Rejects with a `StreamerError`. */
  public async get(): Promise<ChannelModel> {
    return this.models.get()
  }

  /** Whether it is open at this moment. */
  public get isOpen(): boolean {
    return this.models.current !== undefined
  }

  /** Whether anybody has asked for it. */
  public get isWanted(): boolean {
    return this.models.isWanted
  }

  /** Why it is not open. */
  public get failure(): unknown {
    return this.models.failure
  }

  /** Why the server takes no messages at this moment, if it does not. */
  public get blocked(): string | undefined {
    return this.isOpen ? this.blockedBy : undefined
  }

  /** Calls back each time a connection is opened, or takes messages again. */
  public on(event: 'open' | 'unblocked', listener: () => void): void {
    ;(event === 'open' ? this.hurried : this.unblocked).push(listener)
  }

  /** Closes it in order where it is open; ends all waiting. */
  public async close(): Promise<void> {
    this.isClosing = true
    await this.models.stop()
  }

  private async open(lost: (reason: unknown) => void): Promise<ChannelModel> {
    const { urls } = this.settings
    let failure: Error = closed()
    for (let n = 0; n < urls.length && !this.isClosing; n += 1) {
      const index = (this.preferred + n) % urls.length
      const at = placeOf(urls[index])
      try {
        const model = await this.connectTo(urls[index])
        this.preferred = index
        this.watch(model, (reason) => lost(errorFrom(reason, at)))
        for (const hurry of this.hurried) setImmediate(hurry)
        return model
      } catch (thrown) {
        failure = errorFrom(thrown, at)
      }
    }
    throw failure
  }

  private async connectTo(url: string): Promise<ChannelModel> {
    const model = await connect(withHeartbeat(url, this.settings), await this.socketOptions(url))
    try {
      readHeadersHere(model)
      return model
    } catch (thrown) {
      await closeModel(model)
      throw thrown
    }
  }

  private watch(model: ChannelModel, lost: (reason: unknown) => void): void {
    let reason: unknown
    this.blockedBy = undefined
    model.on('error', (error) => (reason ??= error))
    model.on('close', (error) => lost(reason ?? error ?? new Error('the connection was closed')))
    model.on('blocked', (why) => (this.blockedBy = why))
    model.on('unblocked', () => {
      this.blockedBy = undefined
      for (const go of this.unblocked) go()
    })
  }

  private async socketOptions(url: string): Promise<Parameters<typeof connect>[1]> {
    const { tls, connectTimeoutMs } = this.settings
    return {
      ...tls,
      noDelay: true,
      keepAlive: true,
      timeout: connectTimeoutMs,
      clientProperties: { connection_name: this.name() },
      credentials: await loginFor(url, this.settings),
    }
  }
}

/** A server as people are told of it: without user, password and query. */
export function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

/** A channel that is used for one thing, then closed. */
export async function withChannel<T>(model: ChannelModel, use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await model.createChannel()
  // What closes it also fails what it is used for.
  channel.on('error', () => undefined)
  try {
    return await use(channel)
  } finally {
    await channel.close().catch(() => undefined)
  }
}

/** Closes a channel in order; the server may be slow, or gone. */
export async function closeChannel(channel: Channel): Promise<void> {
  const closing = Promise.resolve().then(() => channel.close())
  await endsWithin(CLOSE_MS, closing)
}

/** Closes a connection in order where the server answers, else its socket. */
async function closeModel(model: ChannelModel): Promise<void> {
  const closing = Promise.resolve().then(() => model.close())
  await within(CLOSE_MS, closing).catch(() => socketOf(model).destroy(new Error('closed')))
}

/** amqplib ends its timers when the socket fails, and has no other way to be ended where the server does not answer. */
function socketOf(model: ChannelModel): { destroy(error: Error): void } {
  return (model.connection as unknown as { stream: { destroy(error: Error): void } }).stream
}

function withHeartbeat(url: string, { heartbeatSeconds }: RabbitMQStreamerSettings): string {
  const complete = new URL(url)
  if (!complete.searchParams.has('heartbeat')) complete.searchParams.set('heartbeat', String(heartbeatSeconds))
  return complete.href
}
