import { StreamerError } from '@boostercloud/streamer-connector'
import type {
  Acknowledging,
  Attachable,
  Closable,
  Declaring,
  ExternalEvent,
  GroupOwned,
  GroupOwner,
  GroupOwning,
  HealthReporting,
  Positioning,
  Provisionable,
  ReplayRange,
  Replayable,
  StreamerConnectorPollingInterface,
  StreamerConnectorPublishInterface,
  StreamerContext,
  StreamerCapabilities,
  StreamerHealth,
} from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import { closed } from './errors'
import { nameOf } from './health'
import type { NatsStreamerOptions } from './options'
import type { ReceivedBy } from './poll'
import { Session } from './session'
import { codecOf, settingsFrom } from './settings'
import type { NatsStreamerSettings } from './settings'

type OptionalInterfaces = Declaring &
  Attachable &
  Acknowledging &
  Closable &
  GroupOwning &
  Provisionable &
  Positioning &
  Replayable &
  HealthReporting

/**
 * A streamer on NATS JetStream: the topics are subjects of one stream, which keeps the events.
 *
 * By default the events of a key stay in order, each reader keeps its own position and can go back. With `ordering: 'none'` the
 * replicas of a service compete for the events, and the server keeps what they have acknowledged. Nothing connects before the first
 * use; the connection comes back by itself for ever.
 */
export class NatsStreamer
  implements StreamerConnectorPublishInterface, StreamerConnectorPollingInterface, OptionalInterfaces
{
  /** See `StreamerCapabilities`. */
  public readonly capabilities: StreamerCapabilities
  private context?: StreamerContext
  private opening?: Promise<Session>
  /** What was opened last. */
  private session?: Session
  private closing?: Promise<void>
  /** Why the last opening failed, until one succeeds. */
  private failure?: unknown

  private constructor(private readonly settings: NatsStreamerSettings) {
    const { declare, defaultTopic, maxEventBytes, ordering, storage } = settings
    this.capabilities = {
      position: ordering === 'none' ? 'broker' : 'receiver',
      ordering,
      durable: storage === 'file',
      // A durable consumer may be on a stream of others that deletes what is acknowledged; an ordered reader refuses such a stream.
      replay: declare || ordering === 'key',
      delivery: 'poll',
      maxEventBytes,
      defaultTopic,
      topicRequired: defaultTopic === undefined,
    }
  }

  /** A streamer with these options. Throws `OPTION_INVALID`; connects nothing. */
  public static with(options: NatsStreamerOptions): NatsStreamer {
    return new NatsStreamer(settingsFrom(options))
  }

  /** Takes the service's name for events that carry no source and for what replicas share, and the streamer's id. */
  public attach(context: StreamerContext): void {
    this.context = context
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
    const source = this.settings.source ?? this.context?.appName ?? 'unknown'
    const session = await this.open()
    await session.publish(events, { topic: name, source, codec: codecOf(this.settings, name) })
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
    const details = { servers: this.settings.servers.join(', '), stream: this.settings.stream, connected: false }
    if (this.closing) return { healthy: false, details }
    if (this.opening === undefined) {
      if (this.failure === undefined) return { healthy: true, details }
      return { healthy: false, details: { ...details, error: nameOf(this.failure) } }
    }
    try {
      return await (await this.opening).health()
    } catch (thrown) {
      return { healthy: false, details: { ...details, error: nameOf(thrown) } }
    }
  }

  /** Ends waiting polls, gives back what is not settled, waits a moment for what is being published. May be called twice. */
  public close(): Promise<void> {
    this.closing ??= this.closeNow()
    return this.closing
  }

  private from(topic: string | undefined): ReceivedBy {
    const name = this.topicFor(topic)
    return { codec: codecOf(this.settings, name), streamerId: this.context?.streamerId ?? '', topic: name }
  }

  private topicFor(topic: string | undefined): string {
    const name = topic ?? this.settings.defaultTopic
    if (name) return name
    throw new StreamerError('TOPIC_MISSING', 'The NATS streamer was given no topic and has no default one.', {
      at: this.context?.streamerId ?? this.settings.stream,
      hint: "Name the topic in the address, as 'main/posts', or give NatsStreamer.with a defaultTopic.",
    })
  }

  /** Connects at the first call, again after it failed, and anew when the client has given up. */
  private async open(): Promise<Session> {
    if (this.closing) throw closed(this.settings.stream)
    const opening = (this.opening ??= this.openNow())
    const session = await opening
    if (this.closing) throw closed(this.settings.stream)
    if (!session.connection.nats.isClosed()) return session
    if (this.opening === opening) this.opening = undefined
    await session.close()
    return this.open()
  }

  private async openNow(): Promise<Session> {
    const { appName, environment } = this.context ?? {}
    const group = this.settings.group ?? [appName ?? 'unknown', environment].filter(Boolean).join('-')
    try {
      const session = await Session.open(this.settings, group, this.context)
      this.failure = undefined
      this.session = session
      return session
    } catch (thrown) {
      this.opening = undefined
      this.failure = thrown
      throw thrown
    }
  }

  /** What is being opened is closed when it is open: nobody need wait for a server that does not answer. */
  private async closeNow(): Promise<void> {
    const { opening, session } = this
    const ended = opening?.then((opened) => opened.close()).catch(() => undefined)
    if (session) await ended
  }
}
