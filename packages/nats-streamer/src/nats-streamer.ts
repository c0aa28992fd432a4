import { BaseStreamer, OnDemand } from '@boostercloud/streamer-connector'
import type {
  Acknowledging,
  Bounded,
  Codec,
  Copyable,
  ExternalEvent,
  GroupOwned,
  GroupOwner,
  GroupOwning,
  HealthReporting,
  LagReporting,
  PartitionBounds,
  Positioning,
  Provisionable,
  RawPublishing,
  ReplayRange,
  Replayable,
  StreamerConnectorPollingInterface,
  StreamerConnectorPublishInterface,
  StreamerHealth,
  WireMessage,
} from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import type { ReceivedBy } from './consume'
import { codecOf, settingsFrom, subjectToPublish } from './options'
import type { NatsStreamerOptions, NatsStreamerSettings } from './options'
import { toKeyedMessage, toRawMessage } from './produce'
import { Session } from './session'
import { MESSAGES } from './wire'

type OptionalInterfaces = RawPublishing &
  Bounded &
  Copyable &
  Acknowledging &
  GroupOwning &
  Provisionable &
  Positioning &
  Replayable &
  HealthReporting &
  LagReporting

/**
 * A streamer on NATS JetStream: the topics are subjects of one stream, which keeps the events.
 *
 * By default the events of a key stay in order, each reader keeps its own position and can go back. With `ordering: 'none'` the
 * replicas of a service compete for the events, and the server keeps what they have acknowledged. Nothing connects before the first
 * use; the connection comes back by itself for ever.
 * @public
 */
export class NatsStreamer
  extends BaseStreamer<NatsStreamerSettings>
  implements StreamerConnectorPublishInterface, StreamerConnectorPollingInterface, OptionalInterfaces
{
  private readonly sessions = new OnDemand<Session>({
    open: () => Session.open(this.settings, this.group, this.context),
    close: (session) => session.close(),
    // The client gives up where the server sends it away.
    isGone: (session) => session.connection.nats.isClosed(),
    closed: () => this.closedError(),
  })

  /** A streamer with these options. Throws `OPTION_INVALID`; connects nothing. */
  public static with(options: NatsStreamerOptions): NatsStreamer {
    return NatsStreamer.of(settingsFrom(options))
  }

  private static of(settings: NatsStreamerSettings): NatsStreamer {
    const { declare, ordering, storage } = settings
    return new NatsStreamer('NATS', settings, {
      position: ordering === 'none' ? 'broker' : 'receiver',
      ordering,
      durable: storage === 'file',
      // A durable consumer may be on a stream of others that deletes what is acknowledged; an ordered reader refuses such a stream.
      replay: declare || ordering === 'key',
      places: true,
      delivery: 'poll',
    })
  }

  /** A streamer on the same stream, in a group of its own. */
  public copyFor(reader: string): NatsStreamer {
    return NatsStreamer.of({ ...this.settings, group: this.groupBeside(this.settings.group, reader) })
  }

  /**
   * Sends the events, several at once, those of one key one after another. Resolves when the stream has acknowledged each of them: the
   * server has written it to its disk's cache, which survives the death of its process; README.md says what survives the loss of power.
   *
   * Rejects with `EVENT_TOO_LARGE`, `EVENT_NOT_ENCODABLE`, `ADDRESS_MALFORMED` or `TOPIC_MISSING` before anything is sent, with a
   * `PartialPublishError` when only some were stored, with `STREAMER_UNAVAILABLE` when it is not known whether any was. What is
   * published again within the stream's duplicate window with the same source and id is stored once.
   */
  public async publish(events: EventInterface[], topic?: string): Promise<void> {
    const name = this.topicFor(topic)
    const session = await this.open()
    const { stream, subject: template } = this.settings
    const to = { stream, subject: subjectToPublish(template, name) }
    const messages = await this.encode(
      events,
      name,
      (message, metadata) => toKeyedMessage(message, metadata, to),
      session.maxPayload
    )
    await session.publish(messages, name)
  }

  /** Sends recorded messages as `publish` sends events. They are stored also where the stream has had the same ids a moment ago. */
  public async publishRaw(messages: readonly WireMessage[], topic?: string): Promise<void> {
    const name = this.topicFor(topic)
    const session = await this.open()
    const { stream, subject: template } = this.settings
    const to = { stream, subject: subjectToPublish(template, name) }
    const encoded = this.encodeRaw(
      messages,
      (message, metadata) => toRawMessage(message, metadata, to),
      session.maxPayload
    )
    await session.publish(encoded, name)
  }

  /**
   * The events that follow `lastReceivedEventID`, or the first ones. A position of a stream that was here before starts at the first
   * event. With `ordering: 'none'`: settles up to that ID, then events that no replica has. Waits up to `pollWaitMs` for the first.
   *
   * Rejects with `OPTION_INVALID` for a position of another form, and else as `publish` does.
   */
  public async poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    const from = this.from(topic)
    const session = await this.open()
    return session.poll(from, lastReceivedEventID)
  }

  /** With `ordering: 'none'`: settles up to that ID. Resolves when the server has heard it. */
  public async acknowledge(lastReceivedEventID: string, topic?: string): Promise<void> {
    const name = this.topicFor(topic)
    const session = await this.open()
    await session.acknowledge(name, lastReceivedEventID)
  }

  /**
   * The events from a position or time up to another, as far as they are there when the reading starts, in order, whatever `ordering`
   * is. A time is when the stream got an event. Throws `OPTION_INVALID` for a position of another stream, and else as `poll` does.
   */
  public async *read(topic: string | undefined, range: ReplayRange): AsyncGenerator<ExternalEvent, void, undefined> {
    const from = this.from(topic)
    const session = await this.open()
    yield* session.read(from, range)
  }

  /** Behind the last event of the stream, or before the first one of the topic that it got at that time or later. */
  public async positionAt(topic: string | undefined, at: 'last' | Date): Promise<string> {
    const name = this.topicFor(topic)
    const session = await this.open()
    return session.positionAt(name, at)
  }

  /** How many events of the topic follow the position, or with `ordering: 'none'` are not settled. Rejects as `poll` does. */
  public async lag(topic?: string, position?: string): Promise<number | undefined> {
    const name = this.topicFor(topic)
    const session = await this.open()
    return session.lag(name, position)
  }

  /** From the first event that the stream has to behind its last one, of whatever topic. Rejects as `poll` does. */
  public async bounds(topic?: string): Promise<PartitionBounds[]> {
    const name = this.topicFor(topic)
    const session = await this.open()
    return session.bounds(name)
  }

  /** Makes the stream, or gives it the subjects of these topics, and that of the groups; also where the option `declare` is false. */
  public async provision(topics: readonly string[]): Promise<void> {
    const session = await this.open()
    await session.provision(topics)
  }

  /**
   * Keeps in the stream `<stream>_groups` whose the group is; the server writes the record only in place of the one that was read. Rejects with
   * `GROUP_OWNED`, and with `STREAMER_UNAVAILABLE` while the server does not answer. Where the record may not be written, a warning says so once,
   * and the group is everybody's.
   */
  public async ownGroup(topics: readonly string[], owner: GroupOwner): Promise<GroupOwned> {
    const session = await this.open()
    return session.ownGroup(topics, owner)
  }

  /** Ends this process's part in it. Rejects as `ownGroup` does. */
  public async leaveGroup(topics: readonly string[], owner: GroupOwner): Promise<void> {
    const session = await this.open()
    await session.leaveGroup(topics, owner)
  }

  /** Connects nothing that is not connected. Never rejects. */
  public async health(): Promise<StreamerHealth> {
    const { servers, stream } = this.settings
    const about = { servers: servers.join(', '), stream }
    const { opening, failure } = this.sessions
    return this.healthBy({ about, failure, look: opening && (async () => (await opening).health()) })
  }

  /**
   * Ends waiting polls, gives back what is not settled, waits a moment for what is being published. What is being opened is closed when it is open:
   * nobody need wait for a server that does not answer.
   */
  protected override async end(): Promise<void> {
    const ended = this.sessions.end().catch(() => undefined)
    if (this.sessions.current) await ended
  }

  protected override codecFor(topic: string): Codec {
    return codecOf(this.settings, topic)
  }

  protected override get tooLargeHint(): string {
    return "Publish a reference to the large part instead, or raise the streamer's maxEventBytes and the server's max_payload."
  }

  private from(topic: string | undefined): ReceivedBy {
    const name = this.topicFor(topic)
    return {
      topic: name,
      decode: (placed, eventId) => this.decode(placed, MESSAGES, name, eventId),
    }
  }

  private get group(): string {
    return this.settings.group ?? this.serviceName ?? 'unknown'
  }

  /** Connects at the first call, again after it failed, and anew when the client has given up. */
  private async open(): Promise<Session> {
    this.assertOpen()
    const session = await this.sessions.get()
    this.assertOpen()
    return session
  }
}
