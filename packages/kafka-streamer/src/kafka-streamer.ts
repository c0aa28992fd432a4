import { BaseStreamer, undecodableEvent, Revocations } from '@boostercloud/streamer-connector'
import type {
  Codec,
  DeployedSource,
  ExternalEvent,
  GroupOwned,
  GroupOwner,
  PartitionBounds,
  ReplayRange,
  Revoked,
  StreamerConnectorFaaSInterface,
  StreamerConnectorPollingInterface,
  StreamerConnectorPublishInterface,
  StreamerHealth,
  WireMessage,
} from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import type { OptionalInterfaces } from './interfaces'
import { nextEvents, Subscription } from './consume'
import type { Decode } from './consume'
import { opened } from './opened'
import type { Opened } from './opened'
import { boundsOf, lagOf, provision, pushedRecords, replay } from './operate'
import type { PushedRecord, UnknownRecord } from './operate'
import { checkedTopic, codecOf, settingsFrom } from './options'
import type { KafkaStreamerOptions, KafkaStreamerSettings } from './options'
import { positionId, recordForms, recordsFor } from './wire'

/** How long what is being published may take when the streamer is closed. */
const LAST_PUBLISH_MS = 5_000

/**
 * A streamer over Kafka. The events of a key stay in order: a key is in one partition, and a partition is read by one replica of a
 * service. Replicas are members of one group and share its partitions; how far a topic is settled is committed to the brokers.
 *
 * Nothing connects before the first use. Connections come back by themselves.
 * @public
 */
export class KafkaStreamer
  extends BaseStreamer<KafkaStreamerSettings>
  implements
    StreamerConnectorPublishInterface,
    StreamerConnectorPollingInterface,
    StreamerConnectorFaaSInterface,
    OptionalInterfaces
{
  private opened?: Opened
  private readonly subscriptions = new Map<string, Subscription>()
  private readonly revocations = new Revocations()

  /** A streamer with these options. Throws `OPTION_INVALID`; connects nothing. */
  public static with(options: KafkaStreamerOptions): KafkaStreamer {
    return KafkaStreamer.of(settingsFrom(options))
  }

  private static of(settings: KafkaStreamerSettings): KafkaStreamer {
    return new KafkaStreamer('Kafka', settings, {
      position: 'broker',
      ordering: 'key',
      durable: true,
      replay: true,
      places: true,
      delivery: 'both',
    })
  }

  /** A streamer for the same brokers, in a group of its own. */
  public copyFor(reader: string): KafkaStreamer {
    const { consumer } = this.settings
    const groupId = this.groupBeside(consumer.groupId, reader)
    return KafkaStreamer.of({ ...this.settings, consumer: { ...consumer, groupId } })
  }

  /**
   * Resolves when every replica that must have the events has them (`acks=all`). Events of several calls go together; those of a key
   * stay in the order of the calls.
   *
   * Rejects with `EVENT_TOO_LARGE`, `EVENT_NOT_ENCODABLE` or `TOPIC_MISSING` before anything is sent, with a `PartialPublishError` where the
   * brokers refused some of them, with `STREAMER_FORBIDDEN`, with `STREAMER_UNAVAILABLE` when it is not known whether they have them, with
   * `CLOSED` after `close()`.
   */
  public async publish(events: EventInterface[], topic?: string): Promise<void> {
    const { name, opened } = this.use(topic)
    const records = await this.encode(events, name, recordsFor(this.settings, name))
    this.assertOpen()
    if (records.length > 0) await opened.publisher.publish(name, records)
  }

  /** Publishes recorded messages; one without a body as a record without a value. Durable and rejects as `publish` does. */
  public async publishRaw(messages: readonly WireMessage[], topic?: string): Promise<void> {
    const { name, opened } = this.use(topic)
    const records = this.encodeRaw(messages, recordsFor(this.settings, name))
    if (records.length > 0) await opened.publisher.publish(name, records)
  }

  /**
   * The next events of the partitions that this replica has, in order within each. The first call joins the group; the others follow it.
   * `lastReceivedEventID` settles everything that was handed out up to it; what that is worth is committed at most
   * `consumer.commitIntervalMs` later. An ID of another session, or of a partition that was taken away, settles nothing.
   *
   * Rejects with `STREAMER_FORBIDDEN` or `STREAMER_UNAVAILABLE` while the topic cannot be read, with `CLOSED` after `close()`.
   */
  public async poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    const { name, opened } = this.use(topic)
    opened.ownership.assertNotRefused()
    const subscription = this.subscriptions.get(name) ?? this.subscribe(name, opened)
    if (lastReceivedEventID !== undefined) subscription.settle(lastReceivedEventID)
    return nextEvents(subscription, this.decoding(name), this.settings.consumer)
  }

  /** Resolves when what is settled up to the ID is committed. Rejects while this replica is not in its group. */
  public async acknowledge(lastReceivedEventID: string, topic?: string): Promise<void> {
    const { name } = this.use(topic)
    await this.subscriptions.get(name)?.acknowledge(lastReceivedEventID)
  }

  /**
   * Looks who is in the group: each member names its state when it joins, with the first `poll` of a topic, and is in the group until it leaves or
   * gives no sign for `consumer.sessionTimeoutMs`. Members of a state that came later are given no partition. Rejects with `GROUP_OWNED`: what was
   * handed out is another one's then, as `onRevoked` tells, and this process leaves the group. Rejects with `STREAMER_UNAVAILABLE` while the
   * members change or the brokers do not answer.
   */
  public async ownGroup(topics: readonly string[], owner: GroupOwner): Promise<GroupOwned> {
    const names = topics.map((topic) => this.use(topic).name)
    return this.open().ownership.own(names, owner)
  }

  /** Commits what is settled of these topics, and leaves the group. Which state it was stays noted beside the offsets. */
  public async leaveGroup(topics: readonly string[]): Promise<void> {
    const names = topics.map((topic) => this.use(topic).name)
    await Promise.all(this.taken(names).map((each) => each.close()))
    this.opened?.ownership.end()
  }

  /** Tells of what was handed out and is another replica's now: each time the group has given it partitions of ours. */
  public onRevoked(listener: (revoked: Revoked) => void): () => void {
    return this.revocations.listen(listener)
  }

  /**
   * Reads what AWS Lambda hands a function for Amazon MSK or another Kafka: its whole input, or records of it. Each event's `eventId` is its
   * place: topic, partition, offset. A record that is not as it must be is undecodable, and the others are read. Connects nothing. Rejects with
   * `EVENT_UNDECODABLE` for anything else.
   */
  public async transformEvents(events: unknown[]): Promise<ExternalEvent[]> {
    const received: ExternalEvent[] = []
    for (const pushed of pushedRecords(events)) received.push(await this.pushedEvent(pushed))
    return received
  }

  /** The cluster, the topic and the group, for a function that the cloud calls with its records. */
  public deployedSource(topic?: string): DeployedSource {
    const name = this.topicFor(topic)
    return { kind: 'kafka-topic', brokers: this.settings.brokers, topic: name, consumerGroup: this.groupId() }
  }

  /**
   * Makes the topics that are not there, as the option `topics` says. One that is there stays as it is; it is given more partitions only where its
   * options say so. Rejects with `STREAMER_FORBIDDEN` or `STREAMER_UNAVAILABLE`, naming the topic.
   */
  public async provision(topics: readonly string[]): Promise<void> {
    const names = topics.map((topic) => this.use(topic).name)
    await provision(this.open().driver.admin, this.settings, names)
  }

  /**
   * The events from a position or time up to another, as far as they are there when the reading starts: partition after partition, each in order. A
   * position is topic, partition and offset, as `posts-0-42`; a time is that of the records. No group's position moves.
   */
  public async *read(topic: string | undefined, range: ReplayRange): AsyncGenerator<ExternalEvent, void, undefined> {
    const { name, opened } = this.use(topic)
    const { consumer: settings, stallMs } = this.settings
    const decode = this.decoding(name)
    const around = { driver: opened.driver, groupId: this.groupId(), isClosed: (): boolean => this.isClosed }
    for await (const records of replay({
      ...around,
      topic: name,
      range,
      settings,
      bufferBytes: settings.bufferBytes,
      stallMs,
    })) {
      for (const { record, from } of records) {
        const event = await decode(record, from)
        yield {
          ...event,
          eventId: positionId({ topic: name, partition: from.partition, offset: Number(record.offset) }),
        }
      }
    }
  }

  /** How many records of the topic the group has not committed; all there are where it has committed nothing yet. Rejects as `poll` does. */
  public async lag(topic?: string): Promise<number> {
    const { name, opened } = this.use(topic)
    return lagOf(opened.driver.admin, this.groupId(), name)
  }

  /** From the first record that each partition has to behind its last one. Rejects as `poll` does. */
  public async bounds(topic?: string): Promise<PartitionBounds[]> {
    const { name, opened } = this.use(topic)
    return boundsOf(opened.driver.admin, name)
  }

  /**
   * Unhealthy while the cluster does not answer, while a topic that is polled cannot be read, and when something is there and nothing has come for
   * `stallMs`. Details: the lag of each topic and partition. Connects nothing that was not used. Never rejects.
   */
  public async health(): Promise<StreamerHealth> {
    const { brokers, requestTimeoutMs } = this.settings
    const about = { brokers: brokers.join(','), ...(this.opened && { groupId: this.groupId() }) }
    return this.healthBy({ about, look: this.opened?.health, limitMs: Math.min(requestTimeoutMs, 5_000) })
  }

  /**
   * Ends waiting polls, waits a few seconds for what is being published, commits what is settled, and leaves the group. Resolves also while the
   * brokers are away.
   */
  protected override async end(): Promise<void> {
    const { opened } = this
    const reading = [...this.subscriptions.values()].map((subscription) => subscription.close())
    await Promise.all([opened?.publisher.close(LAST_PUBLISH_MS), ...reading])
    await opened?.driver.close()
  }

  /** Throws `OPTION_INVALID` for a name that Kafka does not take, and else as every streamer. */
  protected override topicFor(topic: string | undefined): string {
    return checkedTopic(super.topicFor(topic))
  }

  protected override codecFor(topic: string): Codec {
    return codecOf(this.settings, topic)
  }

  protected override get tooLargeHint(): string {
    return "Publish a reference to the large part instead, or raise the streamer's maxEventBytes and the topic's max.message.bytes."
  }

  private subscribe(topic: string, { driver, ownership }: Opened): Subscription {
    const subscription = new Subscription({
      driver,
      topic,
      groupId: this.groupId(),
      stateId: ownership.stateId,
      settings: this.settings.consumer,
      logger: this.context?.logger,
      onRevoked: (eventIds) => this.revocations.tell({ topic, eventIds }),
    })
    this.subscriptions.set(topic, subscription)
    return subscription
  }

  private async pushedEvent(pushed: PushedRecord | UnknownRecord): Promise<ExternalEvent> {
    if ('error' in pushed) {
      const message = { body: pushed.bytes, attributes: {}, headers: {} }
      return undecodableEvent(message, this.receivedFrom(pushed.topic, pushed.eventId), pushed.error)
    }
    const { topic, partition, record } = pushed
    const event = await this.decoding(topic)(record, { partition })
    return { ...event, eventId: positionId({ topic, partition, offset: Number(record.offset) }) }
  }

  /** The subscriptions of these topics, which are forgotten by that: the next poll begins another one. */
  private taken(topics: readonly string[]): Subscription[] {
    return topics.flatMap((topic) => {
      const subscription = this.subscriptions.get(topic)
      this.subscriptions.delete(topic)
      return subscription ?? []
    })
  }

  private decoding(topic: string): Decode {
    const formOf = recordForms(this.settings, topic)
    return (record, from) => this.decode(record, formOf(from), topic, '')
  }

  private groupId(): string {
    const { settings, context } = this
    // Offsets are committed under it: it must never change, whatever a service is called.
    return settings.consumer.groupId ?? (context ? `${context.appName}-${context.environment}` : 'booster-streamers')
  }

  private use(topic: string | undefined): { name: string; opened: Opened } {
    this.assertOpen()
    return { name: this.topicFor(topic), opened: this.open() }
  }

  /** Connects nothing by itself. */
  private open(): Opened {
    if (this.opened) return this.opened
    const { settings, context, subscriptions } = this
    const onLost = async (topics: readonly string[]): Promise<void> => {
      await Promise.all(this.taken(topics).map((each) => each.revoke()))
    }
    this.opened = opened({ settings, context, subscriptions, groupId: this.groupId(), onLost })
    return this.opened
  }
}
