import { within, Signal, HandedOut } from '@boostercloud/streamer-connector'
import type { Channel, ChannelModel, ConsumeMessage, Message } from 'amqplib'
import { assertReadHere, closeChannel } from '../client'

/** The longest that RabbitMQ takes, 24 days: how long an event may be unsettled is the receiver's to say. */
const CONSUMER_TIMEOUT_MS = 2 ** 31 - 1
const FLUSH_MS = 5000
/** How long an acknowledgement may wait for others, which it then covers; milliseconds. Each one costs a quorum queue as much as a delivery. */
const ACKNOWLEDGED_WITHIN_MS = 20
/** It waits for so much of what may be unsettled at most, so that deliveries do not wait for it. */
const ACKNOWLEDGED_AT = 1 / 4

/** One consumer on a channel of its own: what it was given, what of that was handed out, and what of that is settled. */
export class Subscription {
  private readonly buffer: ConsumeMessage[] = []
  /** Its numbers are those of the channel's deliveries, which come in this order. */
  private readonly handedOut = new HandedOut<undefined>()
  private acknowledged = 0
  private timer?: NodeJS.Timeout
  private isOver = false
  private movedAt = performance.now()
  private readonly arrivals = new Signal()

  private constructor(
    private readonly channel: Channel,
    private readonly prefetch: number
  ) {}

  /** Starts consuming; `lost` is called when the channel is closed or the consumer is cancelled, by whomever. */
  public static async open(
    model: ChannelModel,
    queue: string,
    prefetch: number,
    lost: (reason: unknown) => void
  ): Promise<Subscription> {
    const channel = await model.createChannel()
    const own = new Subscription(channel, prefetch)
    let reason: unknown
    const end = (why: unknown): void => {
      own.end()
      lost(why)
    }
    channel.on('error', (error) => (reason = error))
    channel.on('close', () => end(reason ?? new Error('the channel was closed')))
    try {
      await channel.prefetch(prefetch)
      const options = { arguments: { 'x-consumer-timeout': CONSUMER_TIMEOUT_MS } }
      await channel.consume(queue, (message) => own.receive(message, end), options)
    } catch (thrown) {
      await closeChannel(channel)
      throw thrown
    }
    return own
  }

  /** The next deliveries, at most so many, without handing them out. */
  public next(most: number): readonly ConsumeMessage[] {
    return this.buffer.slice(0, most)
  }

  /** So many of them are handed out now. Answers the IDs that settle them; none where they are another consumer's by now. */
  public handOut(count: number): string[] {
    // An empty poll is no progress, by which health knows that deliveries do not come.
    if (this.isOver || count === 0) return []
    this.buffer.splice(0, count)
    this.movedAt = performance.now()
    return this.handedOut.add(undefined, count)
  }

  /** Acknowledges everything up to an ID that was handed out here, soon; any other ID settles nothing. */
  public settle(eventId: string): boolean {
    if (this.isOver || !this.handedOut.settle(eventId)) return false
    if (this.handedOut.settledTo - this.acknowledged >= this.prefetch * ACKNOWLEDGED_AT) this.acknowledge()
    else this.timer ??= setTimeout(() => this.acknowledge(), ACKNOWLEDGED_WITHIN_MS)
    return true
  }

  /** Resolves when the server has read that what is settled is acknowledged. */
  public async flush(): Promise<void> {
    this.acknowledge()
    // Setting what is set already: acknowledgements have no answer, and the server reads a channel in order.
    await within(FLUSH_MS, this.channel.prefetch(this.prefetch))
  }

  /** Resolves when there is something to hand out, the subscription is over, {@link interrupt} is called, or so many milliseconds are. */
  public async arrival(limitMs: number): Promise<void> {
    if (this.buffer.length === 0 && !this.isOver) await this.arrivals.next(limitMs)
  }

  /** Ends waiting for an arrival. */
  public interrupt(): void {
    this.arrivals.give()
  }

  /** Gives up what was handed out and is not settled. Answers its IDs. */
  public lose(): string[] {
    return this.handedOut.lose(() => true)
  }

  /** How many events the server counts as being here, and since when nothing has come or was handed out. */
  public get holding(): { readonly unsettled: number; readonly room: number; readonly quietMs: number } {
    const unsettled = this.handedOut.size + this.buffer.length
    return { unsettled, room: this.prefetch - unsettled, quietMs: performance.now() - this.movedAt }
  }

  /** Gives back what is unsettled: the server returns it to the queue when the channel is closed. */
  public async close(): Promise<void> {
    this.acknowledge()
    this.end()
    await closeChannel(this.channel)
  }

  private receive(message: ConsumeMessage | null, end: (why: unknown) => void): void {
    try {
      if (message === null) throw new Cancelled()
      assertReadHere(message)
      this.take(message)
    } catch (why) {
      end(why)
      if (message !== null) void closeChannel(this.channel)
    }
  }

  private take(message: ConsumeMessage): void {
    this.buffer.push(message)
    if (this.buffer.length > 1) return
    this.movedAt = performance.now()
    this.arrivals.give()
  }

  private acknowledge(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const { settledTo } = this.handedOut
    if (this.isOver || this.acknowledged === settledTo) return
    this.acknowledged = settledTo
    try {
      this.channel.ack({ fields: { deliveryTag: settledTo } } as Message, true)
    } catch {
      // The channel is on its way to be closed, which its own event tells: what is settled comes again, as when this is lost on its way.
    }
  }

  private end(): void {
    this.isOver = true
    clearTimeout(this.timer)
    this.buffer.length = 0
    this.arrivals.give()
  }
}

/** The server has ended a consumer: its queue was deleted, or has moved. What it was given is given to nobody else by that. */
export class Cancelled extends Error {
  public constructor() {
    super('the server has cancelled the consumer: its queue was deleted or has moved')
  }
}
