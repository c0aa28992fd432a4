import type { StreamerError } from '@boostercloud/streamer-connector'
import type { OutgoingRecord, PositionNote, ReadRecord } from '../wire'
import type { Member, MemberOwner } from './assignment'

/**
 * What the streamer asks of a Kafka client, in its own words. One client stands behind it now, another may later; nothing else here knows
 * which. Every method rejects with a `StreamerError`: `STREAMER_FORBIDDEN` names the resource, what may pass is retryable.
 *
 * Offsets are numbers: a partition that takes a million records a second reaches 2^53 in 285 years.
 */
export interface KafkaDriver {
  /** Connects at its first `send`. */
  producer(): DriverProducer
  /** Joins the group when it is started. */
  consumer(settings: DriverConsumerSettings, listener: ConsumerListener): DriverConsumer
  readonly admin: DriverAdmin
  /** Ends what it shares. Never rejects, and takes no longer than a few seconds. */
  close(): Promise<void>
}

/** A record that was refused for what it is, with nothing wrong with the others. */
export interface RefusedRecord {
  /** Its place among those given, from 0. */
  readonly index: number
  readonly error: StreamerError
}

/** One idempotent producer. After a rejection it is not to be used again: it no longer knows what its broker has. */
export interface DriverProducer {
  /**
   * Writes records, those of a partition in order, acknowledged by all replicas. Resolves with the records that were refused; the others are
   * durable. Rejects where it is not known what is.
   */
  send(topic: string, records: readonly OutgoingRecord[]): Promise<readonly RefusedRecord[]>
  /** Sends nothing from now on, not even again what it was about to. Never rejects. */
  abandon(): Promise<void>
}

/** Records of one partition that were fetched together. */
export interface ReadBatch {
  readonly partition: number
  readonly records: readonly ReadRecord[]
  /** The offset behind all that were fetched; higher than the last record's where what follows is not for readers. */
  readonly next: number
  /** The offset that the next record written will have. */
  readonly end: number
}

/** How a member of a group reads one topic. */
export interface DriverConsumerSettings {
  readonly groupId: string
  readonly topic: string
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  readonly fetchWaitMs: number
  readonly fetchBytes: number
  /** The most bytes that a compressed batch may have unpacked. */
  readonly maxUnpackedBytes: number
  /** How old what is known of the topic's partitions may get; milliseconds. */
  readonly metadataMaxAgeMs: number
  /** Asked each time that it joins. */
  readonly owner?: () => MemberOwner | undefined
}

/** Told what happens to a member. */
export interface ConsumerListener {
  /** It has these partitions from now on. What is done at once comes before anything is fetched. `isNewMember`: it had none before, or lost all. */
  assigned(partitions: readonly number[], isNewMember: boolean): void
  /** The group is about to change: what is committed at once counts yet. */
  rebalancing(): void
  /** Records. Nothing more is fetched until it resolves; meanwhile `giveSign` must be called now and then, and its rejection passed on. */
  received(batch: ReadBatch, giveSign: () => Promise<void>): Promise<void>
  /** There was nothing for readers up to this offset. */
  passed(partition: number, next: number): void
  /** A broker has answered, with records or without. */
  fetched(): void
  /** It has stopped by itself and does not come back. */
  failed(error: Error): void
}

/** An offset in a partition of the consumer's topic. */
export interface PartitionOffset {
  readonly partition: number
  readonly offset: number
}

/** Where a group is in a partition, and what was noted of it. */
export interface CommittedOffset extends PartitionOffset {
  readonly note: PositionNote
}

/** A member of a group that reads one topic. */
export interface DriverConsumer {
  /**
   * The id of the topic that it reads, once it has started; undefined where the brokers keep none. Where they take it (Kafka 3.1), it reads from no
   * other topic of that name; it fails when there is another.
   */
  readonly topicId: string | undefined
  /** Resolves when it has begun to join; that it has joined is told by `assigned`. */
  start(): Promise<void>
  /** Rejects where the member's time is over; then the offsets do not count. */
  commit(offsets: readonly CommittedOffset[]): Promise<void>
  /** What the group has committed of the topic; partitions without are missing. */
  committed(): Promise<CommittedOffset[]>
  /** In each partition the offset of its first record, of the one that comes next, or of the first at that time or later. */
  offsetsAt(place: 'first' | 'last' | Date): Promise<PartitionOffset[]>
  /** From where the partition is read on, instead of from what is committed. */
  seek(to: PartitionOffset): void
  /** Fetches nothing of these partitions until they are resumed. */
  pause(partitions: readonly number[]): void
  resume(partitions: readonly number[]): void
  /** Leaves the group. Never rejects, and takes no longer than a few seconds, whatever the broker does. */
  stop(): Promise<void>
}

/** The offsets of a partition: of its first record, and the one that the next record will have. */
export interface PartitionRange {
  readonly partition: number
  readonly first: number
  readonly end: number
}

/** How a topic is made. */
export interface NewTopic {
  readonly topic: string
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly config: Readonly<Record<string, string>>
}

/** What is asked of the cluster besides records. */
export interface DriverAdmin {
  /** Whether the cluster answers: rejects where it does not. */
  ping(): Promise<void>
  ranges(topic: string): Promise<PartitionRange[]>
  /** In each partition the offset of the first record at that time or later, else its end. */
  offsetsAt(topic: string, time: Date): Promise<PartitionOffset[]>
  /** What a group has committed; partitions without are missing. */
  committed(groupId: string, topic: string): Promise<CommittedOffset[]>
  /** Who is in a group; undefined while it changes. */
  members(groupId: string): Promise<readonly Member[] | undefined>
  /** Makes a topic, and answers whether it was not there yet. */
  create(topic: NewTopic): Promise<boolean>
  partitionCount(topic: string): Promise<number>
  addPartitions(topic: string, count: number): Promise<void>
  /** Forgets a group that nobody is in. */
  forgetGroup(groupId: string): Promise<void>
}
