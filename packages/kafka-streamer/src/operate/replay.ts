import { randomUUID } from 'node:crypto'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { ReplayRange } from '@boostercloud/streamer-connector'
import type { DriverConsumer, KafkaDriver, PartitionRange, ReadBatch } from '../client'
import { PartitionState, ReadAhead } from '../consume'
import type { ReadFrom } from '../consume'
import { parsePosition } from '../wire'
import type { ReadRecord } from '../wire'

/** What a replay reads, and by what. */
export interface ReplayOptions {
  readonly driver: KafkaDriver
  readonly topic: string
  /** The service's group; the replay's own begins with its name, so that a right by prefix is enough. */
  readonly groupId: string
  readonly range: ReplayRange
  readonly settings: {
    readonly sessionTimeoutMs: number
    readonly heartbeatIntervalMs: number
    readonly fetchWaitMs: number
    readonly fetchBytes: number
    readonly maxUnpackedBytes: number
    readonly metadataMaxAgeMs: number
  }
  readonly bufferBytes: number
  /** How long nothing may come; milliseconds. */
  readonly stallMs: number
  readonly isClosed: () => boolean
}

/** A record of a replay. */
export interface Replayed {
  readonly from: ReadFrom
  readonly record: ReadRecord
}

const BATCH = 500
const LOOK_MS = 100

/**
 * The records of a range, partition after partition, each in order: a position is before those that come later in this order. kafkajs reads only as a
 * member of a group, so it is one of its own for each replay, which commits nothing and is forgotten in the end.
 */
export async function* replay(options: ReplayOptions): AsyncGenerator<Replayed[], void, undefined> {
  const parts = await partsOf(options)
  if (parts.length === 0) return
  const { driver, topic, groupId, settings } = options
  const ownGroup = `${groupId}-replay-${randomUUID()}`
  const reading = new Reading(parts, options)
  const consumer = driver.consumer({ ...settings, groupId: ownGroup, topic }, reading)
  reading.consumer = consumer
  try {
    await consumer.start()
    yield* reading.records()
  } finally {
    reading.end()
    await consumer.stop()
    await driver.admin.forgetGroup(ownGroup).catch(() => undefined)
  }
}

/** What is to be read of each partition, as far as it is there when the reading starts. */
async function partsOf({ driver, topic, range }: ReplayOptions): Promise<PartitionRange[]> {
  const ranges = await driver.admin.ranges(topic)
  const bound = async (at: string | Date | undefined): Promise<((range: PartitionRange) => number) | undefined> => {
    if (at === undefined) return undefined
    if (at instanceof Date) {
      const offsets = new Map((await driver.admin.offsetsAt(topic, at)).map((each) => [each.partition, each.offset]))
      return ({ partition, end }) => offsets.get(partition) ?? end
    }
    const position = parsePosition(at, topic)
    return ({ partition, first, end }) =>
      partition === position.partition ? position.offset : partition < position.partition ? end : first
  }
  const [from, to] = [await bound(range.from), await bound(range.to)]
  const parts = ranges.map((each) => ({
    partition: each.partition,
    first: Math.max(each.first, from?.(each) ?? each.first),
    end: Math.min(each.end, to?.(each) ?? each.end),
  }))
  return parts.filter(({ first, end }) => first < end).sort((a, b) => a.partition - b.partition)
}

/** Reads one partition at a time; the others are paused. */
class Reading {
  public consumer?: DriverConsumer
  private readonly readAhead: ReadAhead
  private failure?: Error
  private isEnded = false
  private state: PartitionState
  private movedAt = performance.now()
  private owned: readonly number[] = []

  public constructor(
    private readonly parts: readonly PartitionRange[],
    private readonly options: ReplayOptions
  ) {
    this.readAhead = new ReadAhead(options.bufferBytes)
    this.state = stateOf(parts[0])
  }

  public async *records(): AsyncGenerator<Replayed[], void, undefined> {
    for (const part of this.parts) {
      if (part !== this.parts[0]) this.turnTo(part)
      yield* this.recordsOf(part)
    }
  }

  public end(): void {
    this.isEnded = true
    this.readAhead.release()
  }

  public assigned(partitions: readonly number[]): void {
    this.owned = partitions
    this.steer()
  }

  public async received(batch: ReadBatch, giveSign: () => Promise<void>): Promise<void> {
    if (batch.partition !== this.state.id) return
    this.readAhead.add(this.state, batch)
    this.movedAt = performance.now()
    while (!this.isEnded && !this.readAhead.hasRoom) {
      await this.readAhead.room(this.options.settings.heartbeatIntervalMs)
      await giveSign()
    }
  }

  public passed(partition: number, next: number): void {
    if (partition === this.state.id) this.state.next = Math.max(this.state.next, next)
    this.readAhead.release()
  }

  public failed(error: Error): void {
    this.failure = error
    this.readAhead.release()
  }

  public rebalancing(): void {
    this.movedAt = performance.now()
  }

  public fetched(): void {
    return undefined
  }

  private async *recordsOf({ partition, end }: PartitionRange): AsyncGenerator<Replayed[], void, undefined> {
    this.movedAt = performance.now()
    for (;;) {
      const taken = this.readAhead.take(BATCH)
      const records = taken.flatMap(({ records }) => records)
      const wanted = records.filter(({ offset }) => Number(offset) < end)
      const from = { partition, topicId: this.consumer?.topicId }
      if (wanted.length > 0) yield wanted.map((record) => ({ record, from }))
      if (wanted.length < records.length || (this.state.next >= end && this.readAhead.size === 0)) return
      this.check()
      if (taken.length === 0) await this.readAhead.arrival(LOOK_MS)
      else this.movedAt = performance.now()
    }
  }

  private turnTo(part: PartitionRange): void {
    this.state.isLost = true
    this.readAhead.dropLost()
    this.state = stateOf(part)
    this.steer()
  }

  private steer(): void {
    const { id, next } = this.state
    this.consumer?.pause(this.owned.filter((partition) => partition !== id))
    this.consumer?.resume([id])
    this.consumer?.seek({ partition: id, offset: next })
  }

  private check(): void {
    const { stallMs, topic, isClosed } = this.options
    if (this.failure) throw this.failure
    if (isClosed()) throw new StreamerError('CLOSED', 'The Kafka streamer was closed during a replay.')
    if (performance.now() - this.movedAt < stallMs) return
    throw new StreamerError('STREAMER_UNAVAILABLE', `Nothing arrived from the topic for ${stallMs} ms.`, {
      at: `topic ${topic}`,
      hint: 'Read again from the last position.',
      retryable: true,
    })
  }
}

function stateOf({ partition, first }: PartitionRange): PartitionState {
  const state = new PartitionState(partition)
  state.next = first
  return state
}
