import { endsWithin } from '@boostercloud/streamer-connector'
import type { Batch, Cluster, Consumer, ConsumerCrashEvent, ConsumerGroupJoinEvent } from 'kafkajs'
import { noteText } from '../wire'
import type { ReadRecord } from '../wire'
import type {
  CommittedOffset,
  ConsumerListener,
  DriverConsumer,
  DriverConsumerSettings,
  PartitionOffset,
  ReadBatch,
} from './driver'
import { assigner } from './kafkajs-assigner'
import { Client, MANY_TRIES } from './kafkajs-client'
import type { ClientSettings } from './kafkajs-client'
import { streamerError } from './kafkajs-errors'
import { committedOffset } from './kafkajs-offsets'
import { readFetchedRecords } from './protocol/kafkajs-fetch'
import { endWithTopic } from './protocol/kafkajs-give-up'
import { topicIdOf } from './protocol/kafkajs-topic-id'

const CLOSE_MS = 2_000

/** One member of a group, for one topic. kafkajs is told never to restart it by itself: it does so for some errors only. */
export class KafkajsConsumer implements DriverConsumer {
  private readonly client: Client
  private readonly consumer: Consumer
  private readonly topic: string
  /** See {@link DriverConsumer.topicId}. */
  public topicId: string | undefined = undefined
  private cluster?: Cluster
  private memberId?: string
  private owned: readonly number[] = []
  private stopping?: Promise<unknown>

  public constructor(
    client: ClientSettings,
    private readonly settings: DriverConsumerSettings,
    private readonly listener: ConsumerListener
  ) {
    const { groupId, topic, sessionTimeoutMs, heartbeatIntervalMs, fetchWaitMs, fetchBytes } = settings
    const assign = assigner(() => ({
      owned: this.owned.length > 0 ? { [topic]: this.owned } : {},
      owner: settings.owner?.(),
    }))
    this.topic = topic
    this.client = new Client(client, MANY_TRIES)
    this.consumer = this.client.kafka.consumer({
      groupId,
      partitionAssigners: [
        // kafkajs shows its cluster to assigners only.
        (config) => {
          this.cluster = config.cluster
          readFetchedRecords(config.cluster, { ...settings, topicId: () => this.topicId })
          endWithTopic(config.cluster)
          return assign(config)
        },
      ],
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      maxWaitTimeInMs: fetchWaitMs,
      maxBytesPerPartition: fetchBytes,
      metadataMaxAge: settings.metadataMaxAgeMs,
      allowAutoTopicCreation: false,
      retry: { ...MANY_TRIES, restartOnFailure: () => Promise.resolve(false) },
    })
    this.listen()
  }

  public async start(): Promise<void> {
    const { consumer, settings } = this
    try {
      await consumer.connect()
      // A partition that has nothing committed is a new one, or the group is new and is to begin there.
      await consumer.subscribe({ topics: [this.topic], fromBeginning: true })
      this.topicId = await topicIdOf(this.cluster as Cluster, this.topic)
    } catch (thrown) {
      throw streamerError(thrown, settings)
    }
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch, heartbeat }) => {
          await this.told?.received(readBatch(batch), heartbeat)
        },
      })
      .catch((thrown: unknown) => this.told?.failed(streamerError(thrown, settings)))
  }

  public async commit(offsets: readonly CommittedOffset[]): Promise<void> {
    const { topic, consumer } = this
    const commits = offsets.map(({ partition, offset, note }) => ({
      topic,
      partition,
      offset: String(offset),
      metadata: noteText(note),
    }))
    await this.inOurWords(() => consumer.commitOffsets(commits))
  }

  public committed(): Promise<CommittedOffset[]> {
    const { topic, settings } = this
    return this.inOurWords(async (cluster) => {
      const coordinator = await cluster.findGroupCoordinator(settings)
      const partitions = this.partitionsOf(cluster).map(({ partition }) => ({ partition, offset: '-1' }))
      const { responses } = await coordinator.offsetFetch({ ...settings, topics: [{ topic, partitions }] })
      return responses.flatMap((response) => response.partitions.flatMap(committedOffset))
    })
  }

  public offsetsAt(place: 'first' | 'last' | Date): Promise<PartitionOffset[]> {
    return this.inOurWords(async (cluster) => {
      if (!(place instanceof Date)) return this.fetchOffsets(cluster, { fromBeginning: place === 'first' })
      const found = await this.fetchOffsets(cluster, { fromTimestamp: place.getTime() })
      // Where nothing is so late, it begins with what comes next.
      const ends = await this.fetchOffsets(cluster, { fromBeginning: false })
      return ends.map((end) => found.find(({ partition, offset }) => partition === end.partition && offset >= 0) ?? end)
    })
  }

  public seek({ partition, offset }: PartitionOffset): void {
    this.consumer.seek({ topic: this.topic, partition, offset: String(offset) })
  }

  public pause(partitions: readonly number[]): void {
    if (partitions.length > 0) this.consumer.pause([{ topic: this.topic, partitions: [...partitions] }])
  }

  public resume(partitions: readonly number[]): void {
    if (partitions.length > 0) this.consumer.resume([{ topic: this.topic, partitions: [...partitions] }])
  }

  public async stop(): Promise<void> {
    this.client.abandon()
    this.stopping ??= endsWithin(CLOSE_MS, this.consumer.disconnect())
    await this.stopping
  }

  private async fetchOffsets(
    cluster: Cluster,
    place: { readonly fromBeginning: boolean } | { readonly fromTimestamp: number }
  ): Promise<PartitionOffset[]> {
    const answers = await cluster.fetchTopicsOffset([
      { topic: this.topic, partitions: this.partitionsOf(cluster), ...place },
    ])
    return answers.flatMap(({ partitions }) =>
      partitions.map(({ partition, offset }) => ({ partition, offset: Number(offset) }))
    )
  }

  private partitionsOf(cluster: Cluster): { readonly partition: number }[] {
    return cluster.findTopicPartitionMetadata(this.topic).map(({ partitionId }) => ({ partition: partitionId }))
  }

  private async inOurWords<T>(act: (cluster: Cluster) => Promise<T>): Promise<T> {
    try {
      return await act(this.cluster as Cluster)
    } catch (thrown) {
      throw streamerError(thrown, this.settings)
    }
  }

  private listen(): void {
    const { consumer } = this
    const { GROUP_JOIN, REBALANCING, FETCH, END_BATCH_PROCESS, CRASH } = consumer.events
    consumer.on(GROUP_JOIN, ({ payload }) => this.joined(payload))
    consumer.on(REBALANCING, () => this.told?.rebalancing())
    consumer.on(FETCH, () => this.told?.fetched())
    consumer.on(END_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) this.told?.passed(partition, Number(lastOffset) + 1)
    })
    consumer.on(CRASH, ({ payload }) => this.crashed(payload))
  }

  private joined({ memberId, memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    const isNewMember = memberId !== this.memberId
    this.memberId = memberId
    this.owned = (memberAssignment as Record<string, number[]>)[this.topic] ?? []
    this.told?.assigned(this.owned, isNewMember)
  }

  private crashed({ error }: ConsumerCrashEvent['payload']): void {
    this.told?.failed(streamerError(error, this.settings))
  }

  /** Nobody once it is stopped: what it still reads belongs to no assignment, and another consumer may be a member by now. */
  private get told(): ConsumerListener | undefined {
    return this.stopping === undefined ? this.listener : undefined
  }
}

function readBatch(batch: Batch): ReadBatch {
  return {
    partition: batch.partition,
    records: batch.messages as readonly ReadRecord[],
    next: Number(batch.lastOffset()) + 1,
    end: Number(batch.highWatermark),
  }
}
