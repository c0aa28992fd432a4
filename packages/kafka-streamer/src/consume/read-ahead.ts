import { Signal } from '@boostercloud/streamer-connector'
import type { ReadBatch } from '../client'
import type { ReadRecord } from '../wire'
import type { PartitionState } from './partition-state'

/** Records of one partition that follow one another. */
export interface Stretch {
  readonly partition: PartitionState
  readonly records: readonly ReadRecord[]
  /** How far the partition is settled when all of them are. */
  readonly next: number
}

/** More records than these wait only while one large batch comes. Those that wait for long cost the garbage collector more than to read them did. */
const MOST_RECORDS = 1_000
/** What a record takes beside its body, roughly. */
const OVERHEAD = 200

/** Records that were fetched and wait for a poll, in the order in which they came. Full, it lets nothing more be fetched. */
export class ReadAhead {
  private stretches: Stretch[] = []
  private count = 0
  private bytes = 0
  private readonly arrivals = new Signal()
  private readonly departures = new Signal()

  public constructor(private readonly mostBytes: number) {}

  /** How many wait. */
  public get size(): number {
    return this.count
  }

  /** Whether more may be fetched. */
  public get hasRoom(): boolean {
    return this.count < MOST_RECORDS && this.bytes < this.mostBytes
  }

  /** Puts those of a batch behind the others that its partition has not had yet. */
  public add(partition: PartitionState, { records: fetched, next }: ReadBatch): void {
    const first = fetched.findIndex(({ offset }) => Number(offset) >= partition.next)
    if (first >= 0) {
      const records = fetched.slice(first)
      partition.open += records.length
      this.stretches.push(this.counted({ partition, records, next }))
    }
    partition.next = Math.max(partition.next, next)
    this.arrivals.give()
  }

  /** The next ones, out of it. */
  public take(most: number): Stretch[] {
    const taken: Stretch[] = []
    let left = most
    while (left > 0 && this.stretches.length > 0) {
      const [stretch, rest] = split(this.stretches[0], left)
      if (rest) this.stretches[0] = rest
      else this.stretches.shift()
      this.uncounted(stretch)
      taken.push(stretch)
      left -= stretch.records.length
    }
    if (this.hasRoom) this.departures.give()
    return taken
  }

  /** Has those be the next ones again that could not be handed out. */
  public putBack(taken: readonly Stretch[]): void {
    const ours = taken.filter(({ partition }) => !partition.isLost)
    this.stretches.unshift(...ours.map((stretch) => this.counted(stretch)))
  }

  /** Forgets those of partitions that were taken away. */
  public dropLost(): void {
    for (const stretch of this.stretches) if (stretch.partition.isLost) this.uncounted(stretch)
    this.stretches = this.stretches.filter(({ partition }) => !partition.isLost)
    if (this.hasRoom) this.departures.give()
  }

  /** Resolves when something has come, was called off, or the time is over. */
  public arrival(limitMs: number): Promise<void> {
    return this.arrivals.next(limitMs)
  }

  /** Resolves when there is room, it was called off, or the time is over. */
  public room(limitMs: number): Promise<void> {
    return this.departures.next(limitMs)
  }

  /** Calls off all waiting. */
  public release(): void {
    this.arrivals.give()
    this.departures.give()
  }

  private counted(stretch: Stretch): Stretch {
    this.count += stretch.records.length
    this.bytes += bytesOf(stretch)
    return stretch
  }

  private uncounted(stretch: Stretch): void {
    this.count -= stretch.records.length
    this.bytes -= bytesOf(stretch)
  }
}

/** The first of them, and the others. */
function split(stretch: Stretch, most: number): [Stretch, Stretch | undefined] {
  const { partition, records, next } = stretch
  if (records.length <= most) return [stretch, undefined]
  const first = { partition, records: records.slice(0, most), next: Number(records[most - 1].offset) + 1 }
  return [first, { partition, records: records.slice(most), next }]
}

function bytesOf({ records }: Stretch): number {
  return records.reduce(
    (bytes, { key, value }) => bytes + (key?.byteLength ?? 0) + (value?.byteLength ?? 0) + OVERHEAD,
    0
  )
}
