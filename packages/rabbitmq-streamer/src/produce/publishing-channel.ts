import type { ChannelModel, ConfirmChannel, Message } from 'amqplib'
import { Signal } from '@boostercloud/streamer-connector'
import type { StreamerError } from '@boostercloud/streamer-connector'
import { closeChannel, declareExchange, errorFrom, unavailable } from '../client'
import type { Route } from '../options'
import type { Encoded } from '../wire'

type Settle = (error?: StreamerError) => void

/** A socket asks to wait after a few kilobytes; to wait each time would hand the server many small pieces, each of which it writes to disk. */
const MOST_HELD_BYTES = 1_048_576

/** A message that must come to a queue, until the server has confirmed it. */
interface Mandatory {
  readonly encoded: Encoded
  readonly route: Route
  returned: boolean
}

/** A channel with publisher confirms, and how much of it is in use. */
export class PublishingChannel {
  private readonly ready = new Map<string, Promise<void>>()
  private readonly mandatory = new Set<Mandatory>()
  private unconfirmed = 0
  /** What is in the socket's way since it asked to wait. */
  private heldBytes = 0
  private lostBy?: unknown
  private readonly movement = new Signal()

  private constructor(
    private readonly model: ChannelModel,
    private readonly channel: ConfirmChannel,
    private readonly maxInFlight: number
  ) {}

  /** Opens one; `lost` is called when it is closed, by whomever. */
  public static async open(
    model: ChannelModel,
    maxInFlight: number,
    lost: (reason: unknown) => void
  ): Promise<PublishingChannel> {
    const channel = await model.createConfirmChannel()
    const own = new PublishingChannel(model, channel, maxInFlight)
    channel.on('error', (error) => (own.lostBy = error))
    channel.on('close', () => {
      own.heldBytes = 0
      own.movement.give()
      lost(own.lostBy ?? new Error('the channel was closed'))
    })
    channel.on('drain', () => {
      own.heldBytes = 0
      own.movement.give()
    })
    channel.on('return', (message) => own.markReturned(message))
    return own
  }

  /** Resolves when the exchange of a route is there. */
  public async prepare(route: Route): Promise<void> {
    let preparing = this.ready.get(route.exchange)
    if (preparing === undefined) {
      preparing = declareExchange(this.model, route)
      this.ready.set(route.exchange, preparing)
      preparing.catch(() => this.ready.delete(route.exchange))
    }
    return preparing
  }

  /** Whether one more message may be sent now. */
  public get hasRoom(): boolean {
    return this.heldBytes < MOST_HELD_BYTES && this.unconfirmed < this.maxInFlight
  }

  /** Resolves when there may be room, the channel is gone, or {@link lookAgain} is called. */
  public async room(): Promise<void> {
    await this.movement.next()
  }

  /** Ends waiting for room. */
  public lookAgain(): void {
    this.movement.give()
  }

  /** Sends a message. `settle` is called when the server has it, and with the reason when it has refused it or that cannot be known. */
  public send(encoded: Encoded, route: Route, settle: Settle): void {
    const { body, properties } = encoded
    const mandatory = properties.mandatory ? { encoded, route, returned: false } : undefined
    const confirmed = (error: unknown): void => {
      this.unconfirmed -= 1
      if (this.unconfirmed * 2 <= this.maxInFlight) this.movement.give()
      if (mandatory) this.mandatory.delete(mandatory)
      if (error !== null) settle(this.refusal(error, route))
      else settle(mandatory?.returned ? unroutable(route) : undefined)
    }
    try {
      const isFree = this.channel.publish(route.exchange, route.routingKey, body, properties, confirmed)
      this.heldBytes = isFree ? 0 : this.heldBytes + body.length
      this.unconfirmed += 1
      if (mandatory) this.mandatory.add(mandatory)
    } catch (thrown) {
      settle(this.refusal(thrown, route))
    }
  }

  public async close(): Promise<void> {
    this.movement.give()
    await closeChannel(this.channel)
  }

  private refusal(thrown: unknown, { exchange, topic }: Route): StreamerError {
    if (this.lostBy !== undefined) return errorFrom(this.lostBy, `exchange ${exchange}`)
    const isNack = thrown instanceof Error && thrown.message === 'message nacked'
    return unavailable(
      isNack ? 'a queue refuses the event' : 'the connection was lost before the event was confirmed',
      topic,
      thrown
    )
  }

  /** A returned message comes before its confirm, without its number: it is the first of those sent that is the same. */
  private markReturned({ content, properties, fields }: Message): void {
    for (const each of this.mandatory) {
      const { encoded, route } = each
      if (each.returned || route.exchange !== fields.exchange || route.routingKey !== fields.routingKey) continue
      if (encoded.properties.messageId !== properties.messageId || !encoded.body.equals(content)) continue
      each.returned = true
      return
    }
  }
}

function unroutable({ topic, exchange }: Route): StreamerError {
  return unavailable(`no queue is bound for what is published to the exchange '${exchange}' as '${topic}'`, topic)
}
