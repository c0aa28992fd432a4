import { HandedOut, Stopwatch, StreamerError, endsWithin } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { ConsumerListener, DriverConsumer, KafkaDriver, MemberOwner, PartitionOffset, ReadBatch } from '../client'
import type { KafkaStreamerSettings } from '../options'
import type { PositionNote } from '../wire'
import { clockSetBack, ClockWatch } from './clock-watch'
import { Committer } from './committer'
import { groupStart } from './group-start'
import type { GroupStart } from './group-start'
import { OpenStretch, settle } from './open-stretch'
import { PartitionState } from './partition-state'
import { ReadAhead } from './read-ahead'
import type { Stretch } from './read-ahead'

/** What a subscription needs. */
export interface SubscriptionOptions {
  readonly driver: KafkaDriver
  readonly topic: string
  readonly groupId: string
  /** The streaming state that it reads for; undefined where it reads for none. */
  readonly stateId?: string
  readonly settings: KafkaStreamerSettings['consumer']
  readonly logger?: StreamerLogger
  readonly onRevoked: (eventIds: readonly string[]) => void
}

const [FIRST_RESTART_MS, LONGEST_RESTART_MS] = [200, 5_000]
const LOOK_AGAIN_MS = 100
const LAST_COMMIT_MS = 2_000

/** One topic, read as a member of the service's group, from the first poll on. Its partitions come and go with the group's members. */
export class Subscription implements ConsumerListener {
  /** What is handed out and not settled. */
  private readonly handedOut = new HandedOut<OpenStretch>()
  public readonly readAhead: ReadAhead
  public readonly partitions = new Map<number, PartitionState>()
  /** Why it does not read at present. */
  public failure?: StreamerError
  /** Since a broker last answered, or it began to wait for that. */
  public silence = new Stopwatch()
  public isJoined = false
  /** When it last began anew in a topic that was made again. */
  public renewedAt?: Date
  private readonly committer: Committer
  private readonly clockWatch = new ClockWatch((byMs) => this.clockSetBack(byMs))
  private consumer?: DriverConsumer
  /** Another one for each assignment, so that what is begun for one ends with it. */
  private assignment = {}
  /** When it became the member that it is; see {@link MemberOwner}. */
  private since = Date.now()
  private restarts = 0
  /** What was last logged of why it does not read: the same is not logged for as long as it lasts. */
  private told?: string
  private restartTimer?: NodeJS.Timeout
  private closing?: Promise<void>

  public constructor(private readonly options: SubscriptionOptions) {
    const { settings, topic, logger } = options
    this.readAhead = new ReadAhead(settings.bufferBytes)
    this.committer = new Committer({
      partitions: () => this.partitions.values(),
      commit: (offsets) => this.commit(offsets),
      intervalMs: settings.commitIntervalMs,
      logger,
      at: `topic ${topic}`,
    })
    void this.start()
  }

  /** Whether the brokers keep no ids of topics, so that a topic that is made again under a name cannot be told from the one before. */
  public get isTopicUnknowable(): boolean {
    return this.isJoined && this.consumer?.topicId === undefined
  }

  public get isClosed(): boolean {
    return this.closing !== undefined
  }

  /** Has everything up to an ID committed before long. */
  public settle(eventId: string): void {
    if (this.handedOut.settle(eventId, settle)) this.committer.soon()
  }

  /** Resolves when everything up to an ID is committed. */
  public async acknowledge(eventId: string): Promise<void> {
    this.handedOut.settle(eventId, settle)
    await this.committer.now()
  }

  /** Hands out records; answers the IDs that settle them. None where they are another member's by now. */
  public handOut({ partition, records, next }: Stretch): string[] {
    if (partition.isLost) return []
    return this.handedOut.add(new OpenStretch(partition, records, next), records.length)
  }

  /** Tells that everything handed out is another one's, and leaves the group. Never rejects. */
  public revoke(): Promise<void> {
    this.lose(() => true)
    return this.close()
  }

  /** Ends waiting polls, commits what is settled, leaves the group. Never rejects. */
  public close(): Promise<void> {
    this.closing ??= this.closeNow()
    return this.closing
  }

  public assigned(ids: readonly number[], isNewMember: boolean): void {
    this.isJoined = true
    this.failure = undefined
    this.told = undefined
    this.restarts = 0
    this.silence = new Stopwatch()
    this.assignment = {}
    this.lose((partition) => isNewMember || !ids.includes(partition.id))
    this.consumer?.resume(ids)
    for (const id of ids) {
      const partition = this.partitions.get(id)
      if (partition === undefined) this.partitions.set(id, this.newPartition(id))
      else if (partition.next >= 0) this.consumer?.seek({ partition: id, offset: partition.next })
    }
    const starting = [...this.partitions.values()].filter(({ isStarting }) => isStarting)
    if (starting.length === 0) return
    this.consumer?.pause(starting.map(({ id }) => id))
    void this.begin(starting, this.assignment)
  }

  public rebalancing(): void {
    this.committer.tryNow()
  }

  public async received(batch: ReadBatch, giveSign: () => Promise<void>): Promise<void> {
    const partition = this.currentPartition(batch)
    if (partition === undefined) return
    partition.end = batch.end
    this.readAhead.add(partition, batch)
    while (!this.isClosed && !this.readAhead.hasRoom) {
      await this.readAhead.room(this.options.settings.heartbeatIntervalMs)
      await giveSign()
      this.signed()
    }
  }

  public passed(id: number, next: number): void {
    const partition = this.partitions.get(id)
    if (partition === undefined) return
    partition.next = Math.max(partition.next, next)
    if (partition.open > 0) return
    partition.settled = Math.max(partition.settled, next)
    this.committer.soon()
  }

  public fetched(): void {
    this.signed()
  }

  public failed(error: Error): void {
    if (this.isClosed) return
    const { topic, logger } = this.options
    this.failure = error as StreamerError
    this.isJoined = false
    this.readAhead.release()
    const pauseMs = Math.min(FIRST_RESTART_MS * 2 ** this.restarts, LONGEST_RESTART_MS)
    this.restarts += 1
    const isTold = this.told === error.message
    this.told = error.message
    logger?.[isTold ? 'debug' : 'warn'](
      `Topic '${topic}' cannot be read at present. It is tried again in ${pauseMs} ms. ${error.message}`
    )
    const stopped = this.consumer?.stop()
    this.consumer = undefined
    clearTimeout(this.restartTimer)
    this.restartTimer = setTimeout(() => void Promise.resolve(stopped).then(() => this.start()), pauseMs)
  }

  private clockSetBack(byMs: number): void {
    if (this.consumer !== undefined) this.failed(clockSetBack(byMs, this.options.groupId))
  }

  /** Asks first whether the cluster is there: a member of a group waits for it without an end. */
  private async start(): Promise<void> {
    const { driver, topic, groupId, settings } = this.options
    try {
      await driver.admin.ping()
      if (this.isClosed) return
      this.consumer = driver.consumer({ ...settings, groupId, topic, owner: () => this.owner }, this)
      this.since = Date.now()
      this.silence = new Stopwatch()
      await this.consumer.start()
    } catch (thrown) {
      this.failed(thrown as Error)
    }
  }

  /** Who was silent for longer than its session is another member now, though it may not know it yet: others may have come before it. */
  private signed(): void {
    if (this.silence.elapsedMs > this.options.settings.sessionTimeoutMs) this.since = Date.now()
    this.silence = new Stopwatch()
  }

  private get owner(): MemberOwner | undefined {
    const { stateId } = this.options
    this.signed()
    return stateId === undefined ? undefined : { stateId, since: this.since }
  }

  private newPartition(id: number): PartitionState {
    const partition = new PartitionState(id, this.consumer?.topicId)
    partition.isStarting = true
    return partition
  }

  /** Takes partitions away, and tells of what was handed out of them. */
  private lose(isLost: (partition: PartitionState) => boolean): void {
    const lost = new Set([...this.partitions.values()].filter(isLost))
    if (lost.size === 0) return
    for (const partition of lost) {
      partition.isLost = true
      this.partitions.delete(partition.id)
    }
    this.readAhead.dropLost()
    const eventIds = this.handedOut.lose(({ partition }) => lost.has(partition))
    if (eventIds.length > 0) this.options.onRevoked(eventIds)
  }

  /** A partition that ends before what was read of it has lost its end, or is another one, on brokers that keep no ids of topics. */
  private currentPartition({ partition: id, end }: ReadBatch): PartitionState | undefined {
    const partition = this.partitions.get(id)
    if (this.isClosed || partition === undefined || end >= partition.next) return this.isClosed ? undefined : partition
    this.lose((each) => each === partition)
    const renewed = new PartitionState(id, this.consumer?.topicId)
    this.partitions.set(id, renewed)
    return renewed
  }

  /** Finds out where the group begins, and has the partitions read from there. */
  private async begin(starting: readonly PartitionState[], assignment: object): Promise<void> {
    const { topic, groupId, settings, logger } = this.options
    const { consumer } = this
    if (consumer === undefined) return
    const partitions = starting.map(({ id }) => id)
    const member = { consumer, note: this.note, partitions, decides: this.partitions.has(0) }
    while (this.assignment === assignment && !this.isClosed) {
      try {
        const start = await groupStart(member, settings.startAt)
        if (start && this.assignment === assignment) return this.beginAt(start, starting)
      } catch (thrown) {
        logger?.debug(`The start position of the group '${groupId}' in '${topic}' is not known yet.`, thrown)
      }
      await this.readAhead.room(LOOK_AGAIN_MS)
    }
  }

  private beginAt({ offsets, renewed }: GroupStart, starting: readonly PartitionState[]): void {
    const ids = new Set(starting.map(({ id }) => id))
    if (renewed.length > 0) this.tellRenewed(renewed)
    for (const partition of starting) partition.isStarting = false
    for (const offset of offsets) if (ids.has(offset.partition)) this.consumer?.seek(offset)
    this.consumer?.resume([...ids])
  }

  private tellRenewed(partitions: readonly number[]): void {
    const { topic, groupId, logger } = this.options
    this.renewedAt = new Date()
    logger?.warn(
      `The topic '${topic}' was deleted and created again since the group '${groupId}' read it: partitions ${partitions.join(', ')} are read from ` +
        'their first record.'
    )
  }

  /** What is noted of the positions of the topic that is read at present. */
  private get note(): PositionNote {
    return { topicId: this.consumer?.topicId, stateId: this.options.stateId }
  }

  private async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const { consumer, note } = this
    if (consumer && this.isJoined) return consumer.commit(offsets.map((each) => ({ ...each, note })))
    throw new StreamerError('STREAMER_UNAVAILABLE', 'The service is not in its consumer group at present.', {
      at: `group ${this.options.groupId}`,
      hint: 'Wait until it is.',
      retryable: true,
    })
  }

  private async closeNow(): Promise<void> {
    clearTimeout(this.restartTimer)
    this.readAhead.release()
    this.committer.stop()
    this.clockWatch.stop()
    const isAlive = this.consumer !== undefined && this.isJoined
    if (isAlive) await endsWithin(LAST_COMMIT_MS, this.committer.now())
    this.committer.stop()
    await this.consumer?.stop()
  }
}
