import { join } from 'node:path'
import { BaseStreamer, OnDemand, decodedInOrder } from '@boostercloud/streamer-connector'
import type {
  Bounded,
  Copyable,
  ExternalEvent,
  GroupOwned,
  GroupOwner,
  GroupOwning,
  HealthReporting,
  LagReporting,
  PartitionBounds,
  Positioning,
  RawPublishing,
  ReplayRange,
  Replayable,
  StreamerConnectorPollingInterface,
  StreamerConnectorPublishInterface,
  StreamerHealth,
  WireMessage,
} from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import { nextMessages } from './consume'
import { Doorbell, Log } from './log'
import type { LoggedMessage, Opened } from './log'
import { healthOf, leaveGroup, ownGroup, replay } from './operate'
import { settingsFrom } from './options'
import type { LocalStreamerOptions, LocalStreamerSettings } from './options'
import { PARTITION, formatPosition, parsePosition, rowsOf, sizeOf } from './wire'

type OptionalInterfaces = Bounded &
  Copyable &
  RawPublishing &
  GroupOwning &
  LagReporting &
  Positioning &
  Replayable &
  HealthReporting

/**
 * A streamer in a folder: an embedded, durable log that the services of one machine share, with no server.
 *
 * Events of a topic stay in the order published, whoever published them. Each reader keeps its own position. Nothing is opened before
 * the first `publish`, `poll` or `read`; its errors are `STORAGE_…` errors that name the file.
 * @public
 */
export class LocalStreamer
  extends BaseStreamer<LocalStreamerSettings>
  implements StreamerConnectorPublishInterface, StreamerConnectorPollingInterface, OptionalInterfaces
{
  private readonly logs = new OnDemand<Opened>({
    open: async () => {
      const { settings } = this
      return { log: await Log.open(settings), bell: new Doorbell(join(settings.path, 'doorbell')) }
    },
    close: async ({ log, bell }) => {
      bell.close()
      await log.close()
    },
    // Somebody has deleted the folder, or put another file there.
    isGone: ({ log }) => log.isGone(),
    closed: () => this.closedError(),
  })

  /** A streamer with these options. Throws `OPTION_INVALID`; opens nothing. */
  public static with(options: LocalStreamerOptions): LocalStreamer {
    return LocalStreamer.of(settingsFrom(options))
  }

  private static of(settings: LocalStreamerSettings): LocalStreamer {
    return new LocalStreamer('Local', settings, {
      position: 'receiver',
      ordering: 'topic',
      durable: true,
      replay: true,
      places: true,
      delivery: 'poll',
    })
  }

  /** A streamer in the same folder, whose group is another one. */
  public copyFor(reader: string): LocalStreamer {
    return LocalStreamer.of({ ...this.settings, group: this.groupBeside(this.settings.group, reader) })
  }

  /**
   * Appends the events in one transaction, all or none. Durable when it resolves, as the option `synchronous` says.
   *
   * Rejects with `EVENT_TOO_LARGE`, `EVENT_NOT_ENCODABLE` or `TOPIC_MISSING` before anything is written, with `STORAGE_…` when
   * nothing could be, with `CLOSED` after `close()`.
   */
  public async publish(events: EventInterface[], topic?: string): Promise<void> {
    const name = this.topicFor(topic)
    this.assertOpen()
    const encoded = await this.encode(events, name, (message) => ({ message, bytes: sizeOf(message) }))
    await this.append(name, encoded)
  }

  /** Appends recorded messages in one transaction, all or none. Durable and rejects as `publish` does. */
  public async publishRaw(messages: readonly WireMessage[], topic?: string): Promise<void> {
    const name = this.topicFor(topic)
    this.assertOpen()
    await this.append(
      name,
      this.encodeRaw(messages, (message) => ({ message, bytes: sizeOf(message) }))
    )
  }

  /**
   * The events that follow `lastReceivedEventID`, or the first ones. Waits up to `pollWaitMs` for one; another process's
   * `publish` ends the wait within a few milliseconds, and `close()` at once, with no events. A position of a log that was here
   * before starts at the first event.
   *
   * Rejects with `OPTION_INVALID` for a position of another form, and else as `publish` does.
   */
  public async poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    const name = this.topicFor(topic)
    const position = lastReceivedEventID === undefined ? undefined : parsePosition(lastReceivedEventID)
    return this.use(async (opened) => {
      const messages = await nextMessages(opened, name, position, this.settings)
      return this.received(messages, name, opened.log.id)
    })
  }

  /**
   * The events from a position or time up to another, as far as they are there when the reading starts. A time is when an event was
   * published. Throws `OPTION_INVALID` for a position of another log, and else as `poll` does.
   */
  public async *read(topic: string | undefined, range: ReplayRange): AsyncGenerator<ExternalEvent, void, undefined> {
    const name = this.topicFor(topic)
    const { log } = await this.logs.get()
    for (const messages of replay(log, name, range)) yield* await this.received(messages, name, log.id)
  }

  /** Behind the last event of the log, or before the first one published at that time or later. Rejects as `poll` does. */
  public async positionAt(_topic: string | undefined, at: 'last' | Date): Promise<string> {
    const { log } = await this.logs.get()
    return formatPosition({ logId: log.id, sequence: at === 'last' ? log.lastSequence() : log.sequenceAt(at) - 1 })
  }

  /** How many events of the topic follow the position. Rejects as `poll` does. */
  public async lag(topic?: string, position?: string): Promise<number> {
    const name = this.topicFor(topic)
    const known = position === undefined ? undefined : parsePosition(position)
    return this.use(async ({ log }) => Promise.resolve(log.countAfter(name, log.sequenceAfter(known))))
  }

  /** From the first event that the log has to behind its last one, of whatever topic. Rejects as `poll` does. */
  public async bounds(topic?: string): Promise<PartitionBounds[]> {
    this.topicFor(topic)
    return this.use(({ log }) => Promise.resolve([{ partition: PARTITION, logId: log.id, ...log.bounds() }]))
  }

  /** Keeps in the log's file whose the group is, in one transaction. Rejects with `GROUP_OWNED`, and else as `publish` does. */
  public async ownGroup(topics: readonly string[], owner: GroupOwner): Promise<GroupOwned> {
    return this.use(({ log }) => ownGroup(log.file, { group: this.group(), topics, owner }))
  }

  /** Says in the log's file that this process reads no more. Rejects as `publish` does. */
  public async leaveGroup(topics: readonly string[], owner: GroupOwner): Promise<void> {
    await this.use(({ log }) => leaveGroup(log.file, { group: this.group(), topics, owner }))
  }

  /** Healthy unless the log cannot be opened, read or written (it tries, at most once a second), or is closed. Opens nothing that is not open. Never rejects. */
  public async health(): Promise<StreamerHealth> {
    const { opening, failure } = this.logs
    const look = async (): Promise<StreamerHealth> => healthOf(await this.logs.get())
    return this.healthBy({
      about: { path: this.settings.path },
      shut: { open: false },
      failure,
      look: opening && look,
    })
  }

  /** Ends waiting polls, waits for what is being published, and closes the log. */
  protected override end(): Promise<void> {
    return this.logs.end()
  }

  private group(): string {
    return this.settings.group ?? this.serviceName ?? 'unknown'
  }

  private async append(topic: string, encoded: readonly { readonly message: WireMessage }[]): Promise<void> {
    const messages = encoded.map(({ message }) => message)
    await this.use(async ({ log, bell }) => {
      if (messages.length === 0) return
      await log.append(topic, messages)
      bell.ring()
    })
  }

  /** Works on the log, and once more on a new one where the file has gone from its place meanwhile. */
  private async use<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    const opened = await this.logs.get()
    try {
      return await work(opened)
    } catch (thrown) {
      if (!opened.log.isGone()) throw thrown
      return work(await this.logs.get())
    }
  }

  /** Rejects only with what may pass, as a registry that is away. */
  private async received(messages: readonly LoggedMessage[], topic: string, logId: string): Promise<ExternalEvent[]> {
    const rows = rowsOf(logId)
    return decodedInOrder(messages, ({ sequence, row }) =>
      this.decode(row, rows, topic, formatPosition({ logId, sequence }))
    )
  }
}
