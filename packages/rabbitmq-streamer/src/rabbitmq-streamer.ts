import { BaseStreamer, StreamerError, endsWithin, Revocations } from '@boostercloud/streamer-connector'
import type {
  Acknowledging,
  Copyable,
  Codec,
  EventMetadata,
  ExternalEvent,
  GroupOwned,
  GroupOwner,
  GroupOwning,
  HealthReporting,
  LagReporting,
  ProvisionOptions,
  Provisionable,
  RawPublishing,
  Revoked,
  Revoking,
  StreamerConnectorFaaSInterface,
  StreamerConnectorPollingInterface,
  StreamerConnectorPublishInterface,
  StreamerHealth,
  WireMessage,
} from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import { Connection, declareExchange, declareQueue, placeOf } from './client'
import { Reader } from './consume'
import { GroupOwners, healthOf, lagOf, pushedMessages } from './operate'
import type { QueueReading } from './operate'
import { groupOf, routeOf, requireExchanges, settingsFrom, topicOf } from './options'
import type { RabbitMQStreamerOptions, RabbitMQStreamerSettings, Route } from './options'
import { Publisher } from './produce'
import { MESSAGES, toEncoded } from './wire'
import type { Encoded } from './wire'

type Both = StreamerConnectorPublishInterface & StreamerConnectorPollingInterface & StreamerConnectorFaaSInterface
type OptionalInterfaces = RawPublishing &
  Copyable &
  Acknowledging &
  GroupOwning &
  Revoking &
  Provisionable &
  HealthReporting &
  LagReporting

/** How long `close` lets publishes end and channels close in order. */
const GRACE_MS = 3000

/**
 * A streamer on RabbitMQ: a topic is a routing key on a durable topic exchange, and each service has a durable quorum queue of its own for
 * each topic that it handles, which its replicas share.
 *
 * Nothing connects before the first `publish`, `poll` or `provision`. Connections come back by themselves.
 * @public
 */
export class RabbitMQStreamer extends BaseStreamer<RabbitMQStreamerSettings> implements Both, OptionalInterfaces {
  private readonly publishing = new Connection(this.settings, () => `${this.name} publishing`)
  private readonly receiving = new Connection(this.settings, () => `${this.name} receiving`)
  private readonly publisher = new Publisher(this.publishing, this.settings)
  private readonly owners = new GroupOwners(this.receiving, this.publishing)
  private readonly readers = new Map<string, Reader>()
  private readonly revocations = new Revocations()
  private isUsed = false

  /** A streamer with these options. Throws `OPTION_INVALID`; connects nothing. */
  public static with(options: RabbitMQStreamerOptions): RabbitMQStreamer {
    return RabbitMQStreamer.of(settingsFrom(options))
  }

  private static of(settings: RabbitMQStreamerSettings): RabbitMQStreamer {
    const { ordering } = settings
    return new RabbitMQStreamer('RabbitMQ', settings, {
      position: 'broker',
      ordering,
      durable: true,
      replay: false,
      delivery: 'both',
    })
  }

  /** A streamer on the same server, whose queues are other ones with the same bindings. Throws `OPTION_INVALID` for a topic that is a queue of the default exchange. */
  public copyFor(reader: string): RabbitMQStreamer {
    const { queue, topics } = this.settings
    requireExchanges(topics)
    return RabbitMQStreamer.of({
      ...this.settings,
      queue: this.groupBeside(queue, reader),
      topics: this.topicsBeside(topics, reader),
    })
  }

  /**
   * Publishes the events in order. Durable when it resolves: each queue that takes them has them on the disks of a majority of its nodes.
   * An event that no queue takes is gone, or rejects, as the option `unroutable` says.
   *
   * Rejects with `EVENT_TOO_LARGE`, `EVENT_NOT_ENCODABLE`, `TOPIC_MISSING` or `OPTION_INVALID` before anything is sent, with a
   * `PartialPublishError` when only some were refused, with `STREAMER_UNAVAILABLE` when it is not known whether RabbitMQ has them, with
   * `STREAMER_FORBIDDEN` where it lets this user not, with `CLOSED` after `close()`.
   */
  public async publish(events: EventInterface[], topic?: string): Promise<void> {
    const route = this.routeToPublish(topic)
    const encoding = this.encode(events, route.topic, (message, metadata) => this.encoded(message, metadata))
    await this.publisher.publish(encoding, route)
  }

  /** Publishes recorded messages in order; their properties are what their attributes say. Durable and rejects as `publish` does. */
  public async publishRaw(messages: readonly WireMessage[], topic?: string): Promise<void> {
    const route = this.routeToPublish(topic)
    const encoded = this.encodeRaw(messages, (message, metadata) => this.encoded(message, metadata))
    await this.publisher.publish(Promise.resolve(encoded), route)
  }

  /**
   * The next events of the topic's queue. What comes before `lastReceivedEventID`, and it, is acknowledged, where this session has handed
   * it out. Waits up to `pollWaitMs` for the first event; `close()` ends the wait.
   *
   * Rejects with `STREAMER_UNAVAILABLE`, `STREAMER_FORBIDDEN` or `DECLARATION_CONFLICT` while it can't read the queue, which it keeps
   * trying by itself, and else as `publish` does.
   */
  public async poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    this.assertOpen()
    this.isUsed = true
    return this.readerOf(this.routeFor(topic)).poll(lastReceivedEventID)
  }

  /**
   * Reads what AWS Lambda hands a function for Amazon MQ's RabbitMQ: its whole input, or messages of it. Lambda acknowledges a whole input or
   * nothing of it, so an `eventId` only tells the events of one call apart. A message of an input that is not as it must be is undecodable, and the others
   * are read. Connects nothing. Rejects with `EVENT_UNDECODABLE` for anything else.
   */
  public async transformEvents(events: unknown[], topic?: string): Promise<ExternalEvent[]> {
    const received: ExternalEvent[] = []
    for (const { queue, eventId, message } of pushedMessages(events)) {
      const known = queue === undefined ? undefined : topicOf(queue, this.settings, this.context)
      received.push(await this.decode(message, MESSAGES, this.topicFor(topic ?? known), eventId))
    }
    return received
  }

  /** Acknowledges what this session has handed out up to an ID, and resolves when the server has read that. Any other ID settles nothing. */
  public async acknowledge(lastReceivedEventID: string, topic?: string): Promise<void> {
    this.assertOpen()
    await this.readers.get(this.routeFor(topic).topic)?.acknowledge(lastReceivedEventID)
  }

  /** Calls the listener with what was handed out when its channel is lost: RabbitMQ gives it to whoever consumes the queue next. */
  public onRevoked(listener: (revoked: Revoked) => void): () => void {
    return this.revocations.listen(listener)
  }

  /**
   * Keeps in an exchange beside each queue which streaming state reads it, and in a queue of this connection that this process lives. Rejects with `GROUP_OWNED`
   * while another state lives, or has ended without saying so for less than `leaseMs`, and with `STREAMER_UNAVAILABLE` while RabbitMQ does not
   * answer. Where this user may not make them, and with `declare: false`, a warning says so once, and the queue is everybody's. When it resolves the
   * queues are there, as far as they can be made: what is published from then on waits in them.
   */
  public async ownGroup(topics: readonly string[], owner: GroupOwner): Promise<GroupOwned> {
    this.assertOpen()
    this.isUsed = true
    const owned = await this.owners.own(this.readingOf(topics, owner))
    const fresh = topics.filter((topic) => !this.readers.has(this.routeFor(topic).topic))
    // Who polls a queue that cannot be made is told why, and health says it.
    await this.provision(fresh).catch(() => undefined)
    return owned
  }

  /** Ends this process's part in it. Rejects as `ownGroup` does. */
  public async leaveGroup(topics: readonly string[], owner: GroupOwner): Promise<void> {
    this.assertOpen()
    await this.owners.leave(this.readingOf(topics, owner))
  }

  /** Makes exchanges, and this service's queues and their bindings, as far as they are missing; with `reads: false` exchanges only. Rejects as `poll` does. */
  public async provision(topics: readonly string[], { reads = true }: ProvisionOptions = {}): Promise<void> {
    this.assertOpen()
    this.isUsed = true
    const model = await this.receiving.get()
    for (const topic of topics) {
      const route = this.routeFor(topic)
      await declareExchange(model, route)
      if (reads) await declareQueue(model, route, this.settings, this.context?.logger)
    }
  }

  /** How many events of the service's queue for the topic nobody has been given. Undefined where there is no queue yet. Rejects as `poll` does. */
  public async lag(topic?: string): Promise<number | undefined> {
    this.assertOpen()
    this.isUsed = true
    return lagOf(this.receiving, this.routeFor(topic).queue)
  }

  /**
   * Healthy while the server answers and what waits in the queues comes. `lag` counts the events that nobody has been given yet, of all
   * topics that are polled. Connects nothing that is not in use. Never rejects.
   */
  public async health(): Promise<StreamerHealth> {
    const { publishing, receiving, publisher, settings } = this
    const parts = { publishing, receiving, publisher, readers: [...this.readers.values()], stallMs: settings.stallMs }
    const look = this.isUsed ? () => healthOf(parts) : undefined
    return this.healthBy({ about: { server: placeOf(settings.urls[0]) }, look })
  }

  /** Ends waiting polls, lets publishes end, gives unsettled events back, and closes the connections. */
  protected override async end(): Promise<void> {
    const readers = [...this.readers.values()]
    const reading = Promise.all(readers.map((reader) => reader.close()))
    await Promise.all([endWith(this.receiving, reading), endWith(this.publishing, this.publisher.close(GRACE_MS))])
  }

  private get name(): string {
    const { appName = 'unknown', environment, streamerId } = this.context ?? {}
    return [appName, environment, streamerId].filter(Boolean).join(' ')
  }

  protected override codecFor(topic: string): Codec {
    return this.routeFor(topic).codec
  }

  protected override get tooLargeHint(): string {
    return "Publish a reference to the large part instead, or raise the streamer's maxEventBytes (and RabbitMQ's max_message_size)."
  }

  private routeFor(topic: string | undefined): Route {
    return routeOf(this.topicFor(topic), this.settings, this.context)
  }

  private routeToPublish(topic: string | undefined): Route {
    this.assertOpen()
    const route = this.routeFor(topic)
    if (/(^|\.)[*#](\.|$)/.test(route.routingKey)) throw wildcard(route)
    this.isUsed = true
    return route
  }

  private encoded(message: WireMessage, metadata: EventMetadata): Encoded {
    const { unroutable, maxEventBytes } = this.settings
    return toEncoded(message, metadata, { mandatory: unroutable === 'reject', maxEventBytes })
  }

  private readingOf(topics: readonly string[], owner: GroupOwner): QueueReading {
    const routes = topics.map((topic) => this.routeFor(topic))
    return { group: groupOf(this.settings, this.context), routes, owner, log: this.context?.logger }
  }

  private readerOf(route: Route): Reader {
    let reader = this.readers.get(route.topic)
    if (reader === undefined) {
      reader = new Reader({
        route,
        connection: this.receiving,
        settings: this.settings,
        decode: (message) => this.decode(message, MESSAGES, route.topic, ''),
        log: this.context?.logger,
        onRevoked: (revoked) => this.revocations.tell(revoked),
      })
      this.readers.set(route.topic, reader)
    }
    return reader
  }
}

/** What waits for an answer that never comes ends with its connection. */
async function endWith(connection: Connection, work: Promise<unknown>): Promise<void> {
  if (connection.isOpen) await endsWithin(GRACE_MS, work)
  await Promise.all([connection.close(), work])
}

function wildcard({ topic }: Route): StreamerError {
  return new StreamerError('OPTION_INVALID', 'Events cannot be published to a topic with wildcards.', {
    at: topic,
    hint: 'Name one topic, or give this one its own routingKey in the option topics.',
  })
}
