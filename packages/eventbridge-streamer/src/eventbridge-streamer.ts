import { BaseStreamer, Revocations, StreamerError, within } from '@boostercloud/streamer-connector'
import type {
  Acknowledging,
  Codec,
  Copyable,
  Deployable,
  DeployedSource,
  ExternalEvent,
  HealthReporting,
  LagReporting,
  ProvisionOptions,
  Provisionable,
  RawPublishing,
  ReplayRange,
  Replayable,
  Revoked,
  Revoking,
  StreamerConnectorFaaSInterface,
  StreamerConnectorPollingInterface,
  StreamerConnectorPublishInterface,
  StreamerHealth,
  WireMessage,
} from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import { Clients, errorFrom, provide, provideToPublish } from './client'
import { Reader } from './consume'
import { batchResponse, healthOf, lagOf, pushedEvents, replay, timesOf, topicOf } from './operate'
import type { BatchResponse } from './operate'
import { routeOf, settingsFrom } from './options'
import type { EventBridgeResources, EventBridgeStreamerOptions, EventBridgeStreamerSettings, Route } from './options'
import { Buses, Publisher } from './produce'
import { toExternalEvent, toExternalEvents, toSized } from './wire'
import type { Sized } from './wire'

type Both = StreamerConnectorPublishInterface & StreamerConnectorPollingInterface & StreamerConnectorFaaSInterface
type OptionalInterfaces = RawPublishing &
  Copyable &
  Acknowledging &
  Revoking &
  Deployable &
  Provisionable &
  Partial<Replayable> &
  HealthReporting &
  LagReporting

/** How long `close` lets publishes end. */
const GRACE_MS = 3000

/**
 * A streamer on Amazon EventBridge: a topic is the `source` of its events on a bus, and each service has, for each topic that it handles, a rule
 * and a queue (SQS) of its own, which its replicas or functions share. Nothing is in order.
 *
 * Nothing connects before the first `publish`, `poll` or `provision`.
 * @public
 */
export class EventBridgeStreamer extends BaseStreamer<EventBridgeStreamerSettings> implements Both, OptionalInterfaces {
  /**
   * With the option `archive`, the archived events of a topic from a time up to another, through a replay of EventBridge's into a queue that is made for it and removed
   * afterwards: nobody else is given them. A replay goes minute by minute, in no order within one, and lacks what has not come into the archive yet,
   * which may take ten minutes. Times count in whole seconds.
   *
   * Rejects with `OPTION_INVALID` for positions, which EventBridge does not have, and else as `poll` does.
   */
  public readonly read?: Replayable['read']
  private readonly clients: Clients
  private readonly publisher: Publisher
  private readonly buses: Buses
  private readonly readers = new Map<string, Reader>()
  private readonly revocations = new Revocations()
  private isUsed = false

  private constructor(settings: EventBridgeStreamerSettings) {
    const { archive } = settings
    super('EventBridge', settings, {
      position: 'broker',
      ordering: 'none',
      durable: true,
      replay: archive !== undefined,
      delivery: 'both',
    })
    if (archive !== undefined) this.read = (topic, range) => this.replayed(topic, range)
    this.clients = new Clients(settings)
    this.buses = new Buses(this.clients)
    this.publisher = new Publisher(() => this.clients.eventBridge, settings)
  }

  /** A streamer with these options. Throws `OPTION_INVALID`; connects nothing. */
  public static with(options: EventBridgeStreamerOptions = {}): EventBridgeStreamer {
    return new EventBridgeStreamer(settingsFrom(options))
  }

  /** A streamer on the same bus, whose rules and queues are other ones. */
  public copyFor(reader: string): EventBridgeStreamer {
    const { queue, topics } = this.settings
    return new EventBridgeStreamer({
      ...this.settings,
      queue: this.groupBeside(queue, reader),
      topics: this.topicsBeside(topics, reader),
    })
  }

  /**
   * Publishes the events. Durable when it resolves: EventBridge has them all, and keeps trying for a day to put them into the queues of the rules
   * that match. An event that no rule matches is gone.
   *
   * Rejects with `EVENT_TOO_LARGE`, `EVENT_NOT_ENCODABLE`, `TOPIC_MISSING` or `OPTION_INVALID` before anything is sent, with a
   * `PartialPublishError` when only some were taken, with `STREAMER_UNAVAILABLE` when it is not known whether AWS has them, with
   * `STREAMER_FORBIDDEN` where it refuses, with `CLOSED` after `close()`.
   */
  public async publish(events: EventInterface[], topic?: string): Promise<void> {
    const route = this.routeToPublish(topic)
    await this.send(await this.encode(events, route.topic, (...message) => toSized(...message, route)), route)
  }

  /**
   * Publishes recorded messages; what marks them as replayed is among an event's resources. JSON travels as JSON, of which EventBridge may write blanks and numbers in
   * another way. Durable and rejects as `publish` does.
   */
  public async publishRaw(messages: readonly WireMessage[], topic?: string): Promise<void> {
    const route = this.routeToPublish(topic)
    await this.send(
      this.encodeRaw(messages, (...message) => toSized(...message, route)),
      route
    )
  }

  /**
   * The next events of the service's queue for the topic, which is made and subscribed first where it is missing. What was handed out up to
   * `lastReceivedEventID`, and it, is deleted there, where this session has handed it out. Waits up to `pollWaitMs` for the first event; `close()`
   * ends the wait. What is unsettled is kept from other replicas for as long as this process lives.
   *
   * Rejects with `STREAMER_UNAVAILABLE` or `STREAMER_FORBIDDEN` while it can't read the queue, and else as `publish` does.
   */
  public async poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    this.assertOpen()
    this.isUsed = true
    return this.readerOf(this.routeFor(topic)).poll(lastReceivedEventID)
  }

  /**
   * Reads what AWS Lambda hands a function for a queue (its whole input, or records of it) or for a rule (the event). Each event's `eventId` is its
   * message's id in SQS, or its own id where it comes from a rule; `batchResponse` takes them. Without a `topic`, it is the one whose queue the event
   * comes from, or else the event's `source`, the default topic, or the queue's name. A record of a queue that is not as it must be is undecodable, and the
   * others are read. Connects nothing. Rejects with `EVENT_UNDECODABLE` for anything else.
   */
  public async transformEvents(events: unknown[], topic?: string): Promise<ExternalEvent[]> {
    const received: ExternalEvent[] = []
    const { topics, defaultTopic } = this.settings
    const named = Object.keys(topics)
    const routes = (name: string): Route => this.routeFor(name)
    for (const pushed of pushedEvents(events)) {
      const route = this.routeFor(topic ?? topicOf(pushed, named, routes) ?? defaultTopic ?? pushed.queue)
      received.push(await toExternalEvent(pushed, this.decoding(route)))
    }
    return received
  }

  /** What a function answers its queue: the messages of these `eventId`s are delivered again, all others are settled. */
  public batchResponse(failedEventIds: Iterable<string>): BatchResponse {
    return batchResponse(failedEventIds)
  }

  /** What the topic is made of in AWS for the service that this streamer is attached to. Connects nothing. Throws `TOPIC_MISSING`. */
  public resourcesOf(topic?: string): EventBridgeResources {
    const { codec: _, types: __, ...resources } = this.routeFor(topic)
    return resources
  }

  /** Resolves when what this session has handed out up to an ID is deleted. Any other ID settles nothing. */
  public async acknowledge(lastReceivedEventID: string, topic?: string): Promise<void> {
    this.assertOpen()
    await this.readers.get(this.routeFor(topic).topic)?.acknowledge(lastReceivedEventID)
  }

  /** Calls the listener with what was handed out and could not be kept from other replicas: SQS delivers it again. */
  public onRevoked(listener: (revoked: Revoked) => void): () => void {
    return this.revocations.listen(listener)
  }

  /**
   * Makes buses, this service's queues and rules, what lets each rule into its queue, and archives, as far as they are missing; with `reads: false` buses
   * and archives only. Rejects as `poll` does.
   */
  public async provision(topics: readonly string[], { reads = true }: ProvisionOptions = {}): Promise<void> {
    this.assertOpen()
    this.isUsed = true
    const make = reads ? provide : provideToPublish
    for (const topic of topics) await make(this.clients, this.routeFor(topic), this.settings)
  }

  /**
   * How many events of the service's queue for the topic are not settled, as roughly as SQS counts. Undefined where there is no queue yet. Rejects as
   * `poll` does.
   */
  public async lag(topic?: string): Promise<number | undefined> {
    this.assertOpen()
    this.isUsed = true
    return lagOf(this.clients, this.routeFor(topic).queue)
  }

  /**
   * Healthy while EventBridge and the queues answer and what waits there comes. `lag` counts the events that nobody has been given yet, of all
   * topics that are polled, as roughly as SQS does. Connects nothing that is not in use. Never rejects.
   */
  public async health(): Promise<StreamerHealth> {
    const { eventBus, stallMs } = this.settings
    const answers = (signal: AbortSignal): Promise<void> => this.buses.ask(eventBus, signal)
    const parts = { readers: [...this.readers.values()], publishing: this.publisher.failure, answers, stallMs }
    return this.healthBy({ about: { eventBus }, look: this.isUsed ? () => healthOf(parts) : undefined })
  }

  /** The bus of a topic, what the service's rule matches there, and the names of its rule and queue. */
  public deployedSource(topic?: string): DeployedSource {
    const { eventBus, pattern, rule, queue } = this.routeFor(topic)
    return { kind: 'event-rule', eventBus, pattern, rule, queue }
  }

  /** Ends waiting polls, lets publishes end, deletes what is settled, gives unsettled events back, and closes connections. */
  protected override async end(): Promise<void> {
    const reading = [...this.readers.values()].map((reader) => reader.close())
    await Promise.all([this.publisher.close(GRACE_MS), ...reading])
    this.clients.close()
  }

  private async *replayed(
    topic: string | undefined,
    range: ReplayRange
  ): AsyncGenerator<ExternalEvent, void, undefined> {
    this.assertOpen()
    this.isUsed = true
    const { clients } = this
    const [route, times] = [this.routeFor(topic), timesOf(range)]
    const isClosed = (): boolean => this.isClosed
    for await (const deliveries of replay({ clients, resources: route, range: times, isClosed })) {
      yield* await toExternalEvents(deliveries, this.decoding(route))
    }
  }

  private routeToPublish(topic: string | undefined): Route {
    this.assertOpen()
    const route = this.routeFor(topic)
    if (route.source.startsWith('aws.')) throw ofAws(route)
    return route
  }

  private async send(entries: readonly Sized[], route: Route): Promise<void> {
    if (entries.length === 0) return
    this.assertOpen()
    this.isUsed = true
    const deadline = performance.now() + this.settings.publishTimeoutMs
    const at = `event bus ${route.eventBus}`
    await this.ensureBus(route, at)
    await this.publisher.publish(entries, at, deadline)
  }

  private async ensureBus(route: Route, at: string): Promise<void> {
    const ensured = this.buses.ensure(route, this.context?.logger)
    await within(this.settings.publishTimeoutMs, ensured).catch((thrown: unknown) => {
      throw errorFrom(thrown, at)
    })
  }

  private decoding(route: Route): { readonly route: Route; readonly streamerId: string } {
    return { route, streamerId: this.context?.streamerId ?? '' }
  }

  protected override codecFor(topic: string): Codec {
    return this.routeFor(topic).codec
  }

  protected override get tooLargeHint(): string {
    return "Publish a reference to the large part instead, or raise the streamer's maxEventBytes if the region accepts more."
  }

  private routeFor(topic: string | undefined): Route {
    return routeOf(this.topicFor(topic), this.settings, this.context)
  }

  private readerOf(route: Route): Reader {
    let reader = this.readers.get(route.topic)
    if (reader === undefined) {
      reader = new Reader({
        ...this.decoding(route),
        settings: this.settings,
        log: this.context?.logger,
        open: async () => this.clients.queue(await provide(this.clients, route, this.settings)),
        onRevoked: (revoked) => this.revocations.tell(revoked),
      })
      this.readers.set(route.topic, reader)
    }
    return reader
  }
}

function ofAws({ topic }: Route): StreamerError {
  return new StreamerError('OPTION_INVALID', "Only AWS's own services publish with a source that begins with 'aws.'.", {
    at: topic,
    hint: 'Use another topic name, or give the topic its own source in the option topics.',
  })
}
