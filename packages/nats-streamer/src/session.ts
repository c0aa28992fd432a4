import { isStreamerError, endsWithin } from '@boostercloud/streamer-connector'
import type {
  ExternalEvent,
  GroupOwned,
  GroupOwner,
  PartitionBounds,
  ReplayRange,
  StreamerContext,
  StreamerError,
  StreamerHealth,
  StreamerLogger,
} from '@boostercloud/streamer-connector'
import {
  assertUsable,
  Connection,
  declareStream,
  errorFrom,
  findStream,
  Notices,
  unavailable,
  warningsOf,
} from './client'
import { CompetingPolling, OrderedPolling } from './consume'
import type { ReceivedBy } from './consume'
import { GroupOwners, healthOf, lagBehind, lagOfGroup, positionAtTime, replay } from './operate'
import { subjectToRead } from './options'
import type { NatsStreamerSettings } from './options'
import { sendInOrder } from './produce'
import type { KeyedMessage } from './produce'
import { PARTITION, formatPosition, nanosecondsOf, placeIn, streamIdOf } from './wire'

/** How long what is being published may take at a close; milliseconds. */
const LAST_ACKS_MS = 2_000

/** A connection and what is done on it, from the first use to the close. */
export class Session {
  private readonly polling: OrderedPolling | CompetingPolling
  /** Topics for which the stream was found or made. */
  private readonly declared = new Map<string, Promise<void>>()
  private readonly publishing = new Set<Promise<void>>()
  private readonly notices: Notices
  private readonly owners: GroupOwners
  /** Uses of topics for which the stream was looked at. */
  private readonly inspected = new Map<string, Promise<void>>()
  /** Why nothing can be read at the moment, for as long as somebody has to change something. */
  private refusal?: StreamerError

  private constructor(
    public readonly connection: Connection,
    private readonly settings: NatsStreamerSettings,
    private readonly group: string,
    log: StreamerLogger | undefined
  ) {
    this.notices = new Notices(log)
    this.owners = new GroupOwners(connection, settings, group, this.notices)
    const competes = settings.ordering === 'none'
    this.polling = competes
      ? new CompetingPolling(connection, settings, group, this.notices)
      : new OrderedPolling(connection, settings, this.notices)
  }

  /** Rejects with `STREAMER_UNAVAILABLE` or `STREAMER_FORBIDDEN`. */
  public static async open(
    settings: NatsStreamerSettings,
    group: string,
    context: StreamerContext | undefined
  ): Promise<Session> {
    return new Session(await Connection.open(settings, context?.appName), settings, group, context?.logger)
  }

  /** The most bytes that the server takes of a message. */
  public get maxPayload(): number {
    return this.connection.nats.info?.max_payload ?? Infinity
  }

  public async publish(messages: readonly KeyedMessage[], topic: string): Promise<void> {
    if (messages.length === 0) return
    const { connection, settings } = this
    await this.onTopic(topic, 'publish', async () => {
      const sending = sendInOrder(messages, (one, settled) => connection.acks.send(one, settled), settings.maxInFlight)
      this.publishing.add(sending)
      await sending.finally(() => this.publishing.delete(sending))
    })
  }

  public async poll(from: ReceivedBy, id: string | undefined): Promise<ExternalEvent[]> {
    await this.connection.whenUp(this.settings.pollWaitMs)
    try {
      const events = await this.onTopic(from.topic, 'read', () => this.polling.poll(from, id))
      this.refusal = undefined
      return events
    } catch (thrown) {
      this.refusal = isStreamerError(thrown) && !thrown.retryable ? thrown : undefined
      throw thrown
    }
  }

  /** Settles without fetching, where replicas compete; else there is nothing to settle here. */
  public async acknowledge(topic: string, id: string): Promise<void> {
    if (this.polling instanceof CompetingPolling) await this.polling.acknowledge(topic, id)
  }

  public async *read(from: ReceivedBy, range: ReplayRange): AsyncGenerator<ExternalEvent, void, undefined> {
    const { connection, settings } = this
    await this.inspect(from.topic, 'read')
    await this.declare([from.topic])
    const batches = replay(connection, settings, subjectToRead(settings.subject, from.topic), range)
    for await (const { streamId, delivered } of this.translated(batches)) {
      for (const { message, sequence, timestamp } of delivered) {
        const placed = { message, place: placeIn(streamId, sequence) }
        yield await from.decode(placed, formatPosition({ streamId, sequence, timestamp }))
      }
    }
  }

  public async positionAt(topic: string, at: 'last' | Date): Promise<string> {
    const { connection, settings } = this
    return this.onTopic(topic, 'read', async () => {
      if (at instanceof Date) {
        const subject = subjectToRead(settings.subject, topic)
        return formatPosition(await positionAtTime(connection, settings, subject, at))
      }
      const { created, state } = await connection.ask((api) => api.streams.info(settings.stream))
      const last = { streamId: streamIdOf(created), sequence: state.last_seq }
      // Where all is deleted, there is no time of the last one.
      return formatPosition(state.messages > 0 ? { ...last, timestamp: nanosecondsOf(state.last_ts) } : last)
    })
  }

  /** What the stream still has. */
  public async bounds(topic: string): Promise<PartitionBounds[]> {
    const { connection, settings } = this
    return this.onTopic(topic, 'read', async () => {
      const { created, state } = await connection.ask((api) => api.streams.info(settings.stream))
      const { first_seq: first, last_seq: last } = state
      return [{ partition: PARTITION, logId: streamIdOf(created), first, end: last + 1 }]
    })
  }

  /** How much of a topic is not settled; nothing is made that stays. */
  public async lag(topic: string, position?: string): Promise<number | undefined> {
    const { connection, settings, group } = this
    const subject = subjectToRead(settings.subject, topic)
    try {
      return settings.ordering === 'none'
        ? await lagOfGroup(connection, settings, { group, subject })
        : await lagBehind(connection, settings.stream, subject, position)
    } catch (thrown) {
      throw errorFrom(thrown, settings.stream)
    }
  }

  /** Makes what is missing, whatever was found before. */
  public async provision(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return
    await this.connection.whenUp(this.settings.connectTimeoutMs)
    await declareStream(this.connection, this.settings, topics)
    await this.owners.provision()
  }

  /** See `GroupOwning`. */
  public ownGroup(topics: readonly string[], owner: GroupOwner): Promise<GroupOwned> {
    return this.owners.own(topics, owner)
  }

  /** See `GroupOwning`. */
  public leaveGroup(topics: readonly string[], owner: GroupOwner): Promise<void> {
    return this.owners.leave(topics, owner)
  }

  public async health(): Promise<StreamerHealth> {
    const { healthy, details } = await healthOf(this.connection, this.settings.stream, () => this.polling.backlog())
    const told = { ...details, ...this.notices.details }
    const { refusal } = this
    if (refusal === undefined) return { healthy, details: told }
    return { healthy: false, details: { ...told, error: refusal.code, reason: refusal.message } }
  }

  /** Ends waiting polls, waits for what is being published, and closes the connection. */
  public async close(): Promise<void> {
    await this.polling.close()
    await endsWithin(LAST_ACKS_MS, Promise.allSettled(this.publishing))
    await this.connection.close()
  }

  /** Does something on a topic for which the stream is there; after a failure the stream is looked for again. */
  private async onTopic<T>(topic: string, use: 'publish' | 'read', act: () => Promise<T>): Promise<T> {
    const { connection, settings } = this
    if (!connection.isUp) throw unavailable('there is no connection', connection.server)
    try {
      await this.inspect(topic, use)
      await this.declare([topic])
      return await act()
    } catch (thrown) {
      this.declared.delete(topic)
      this.inspected.clear()
      throw errorFrom(thrown, settings.stream)
    }
  }

  /** Whether the stream, where it is there, may be used; what is to be known of it is said. */
  private inspect(topic: string, use: 'publish' | 'read'): Promise<void> {
    const name = `${use} ${topic}`
    let looking = this.inspected.get(name)
    if (looking === undefined) {
      looking = this.inspectNow(topic, use)
      this.inspected.set(name, looking)
    }
    return looking
  }

  private async inspectNow(topic: string, use: 'publish' | 'read'): Promise<void> {
    const { settings, notices } = this
    const found = await findStream(this.connection, settings.stream)
    if (found === undefined) return
    assertUsable(found.config, settings, use)
    for (const warning of warningsOf(found.config, settings, subjectToRead(settings.subject, topic)))
      notices.warn(warning)
  }

  private declare([topic]: readonly [string]): Promise<void> | undefined {
    if (!this.settings.declare) return undefined
    let declared = this.declared.get(topic)
    if (!declared) {
      declared = declareStream(this.connection, this.settings, [topic])
      this.declared.set(topic, declared)
    }
    return declared
  }

  private async *translated<T>(batches: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
    try {
      yield* batches
    } catch (thrown) {
      throw errorFrom(thrown, this.settings.stream)
    }
  }
}
