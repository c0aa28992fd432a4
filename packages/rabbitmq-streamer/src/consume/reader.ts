import type { ChannelModel } from 'amqplib'
import { Renewed, decodedInOrder } from '@boostercloud/streamer-connector'
import type { ExternalEvent, Revoked, StreamerLogger } from '@boostercloud/streamer-connector'
import { closed, declareExchange, declareQueue, errorFrom, made } from '../client'
import type { Connection } from '../client'
import type { RabbitMQStreamerSettings, Route } from '../options'
import type { Received } from '../wire'
import { Cancelled, Subscription } from './subscription'

/** What a reader needs to know. */
export interface ReaderOptions {
  readonly route: Route
  readonly connection: Connection
  readonly settings: RabbitMQStreamerSettings
  /** A message as the event that a handler gets. Rejects only with what may pass, as a registry that is away. */
  readonly decode: (message: Received) => ExternalEvent | Promise<ExternalEvent>
  readonly log?: StreamerLogger
  /** Told of what was handed out and goes to another consumer of the queue. */
  readonly onRevoked: (revoked: Revoked) => void
}

/** Reads one topic: keeps a subscription to its queue, and hands out what comes. */
export class Reader {
  private readonly subscriptions: Renewed<Subscription>
  private isClosed = false
  private refused = 0

  public constructor(private readonly options: ReaderOptions) {
    const { connection } = options
    this.subscriptions = new Renewed<Subscription>({
      open: (lost) => this.subscribe(lost),
      close: (subscription) => subscription.close(),
      onLost: (subscription, reason) => this.leave(subscription, reason),
      closed,
    })
    connection.on('open', () => this.subscriptions.hurry())
  }

  /** Where it reads. */
  public get route(): Route {
    return this.options.route
  }

  /** What it reads from at this moment. */
  public get subscription(): Subscription | undefined {
    return this.subscriptions.current
  }

  /** How many messages it has handed out that could not be decoded: they become dead letters. */
  public get undecodable(): number {
    return this.refused
  }

  /** Why it does not read at this moment. */
  public get failure(): unknown {
    return this.subscriptions.failure
  }

  /**
   * The next events; waits a while for the first one. Resolves with none when the time is over or the reader is closed, and at once where the
   * server sends nothing before something is settled, which only a later poll can say.
   */
  public async poll(lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    const { pollWaitMs, pollBatch } = this.options.settings
    if (lastReceivedEventID !== undefined) this.subscription?.settle(lastReceivedEventID)
    let deadline: number | undefined
    while (!this.isClosed) {
      const subscription = await this.subscribed()
      deadline ??= performance.now() + pollWaitMs
      const events = await decodedInOrder(subscription.next(pollBatch), this.options.decode)
      const ids = subscription.handOut(events.length)
      if (ids.length > 0) {
        ids.forEach((id, index) => (events[index].eventId = id))
        this.refused += events.filter(({ metadata }) => metadata?.undecodable !== undefined).length
        return events
      }
      const leftMs = deadline - performance.now()
      if (leftMs <= 0 || subscription.holding.room <= 0) return []
      await subscription.arrival(leftMs)
    }
    return []
  }

  /** Settles, and resolves when the server has read it. */
  public async acknowledge(lastReceivedEventID: string): Promise<void> {
    const { subscription } = this
    if (!subscription?.settle(lastReceivedEventID)) return
    await subscription.flush().catch((thrown: unknown) => {
      throw errorFrom(thrown, `queue ${this.route.queue}`)
    })
  }

  /** Ends waiting polls and gives back what is unsettled. */
  public async close(): Promise<void> {
    this.isClosed = true
    this.subscription?.interrupt()
    await this.subscriptions.stop()
  }

  private async subscribed(): Promise<Subscription> {
    // Whoever waits learns at once that the server is away.
    if (this.subscriptions.current === undefined) await this.options.connection.get()
    return this.subscriptions.get()
  }

  private async subscribe(lost: (reason: unknown) => void): Promise<Subscription> {
    const { route, connection } = this.options
    const at = `queue ${route.queue}`
    try {
      const own = (reason: unknown): void => lost(reason instanceof Cancelled ? reason : errorFrom(reason, at))
      return await made(this.open(await connection.get(), own), (subscription) => subscription.close())
    } catch (thrown) {
      throw errorFrom(thrown, at)
    }
  }

  private async open(model: ChannelModel, lost: (reason: unknown) => void): Promise<Subscription> {
    const { route, settings, log } = this.options
    if (route.declare) await declareExchange(model, route)
    await declareQueue(model, route, settings, log)
    return Subscription.open(model, route.queue, settings.prefetch, lost)
  }

  /** What a lost channel was given goes to whoever consumes next; what a deleted queue had is nowhere but here. */
  private leave(subscription: Subscription, reason: unknown): void {
    const { route, onRevoked, log, connection } = this.options
    const what = `Consuming the queue '${route.queue}' has ended. It is started again.`
    // Every queue ends with the connection, which tells its end after its channels': who polls says that once.
    setImmediate(() => (connection.isOpen ? log?.warn(what, reason) : log?.debug(what, reason)))
    if (reason instanceof Cancelled) void subscription.close()
    else onRevoked({ topic: route.topic, eventIds: subscription.lose() })
  }
}
