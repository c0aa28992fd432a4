import type { PartitionState } from './partition-state'
import type { ReadBatch, ReadRecord } from './driver'

/** A record that waits to be handed out. */
export interface Buffered {
  readonly partition: PartitionState
  readonly record: ReadRecord
  /** How far its partition is settled when it is. */
  readonly upTo: number
}

/** More records than these wait only while one large batch comes. */
const MOST_RECORDS = 10_000
/** What a record takes beside its body, roughly. */
const OVERHEAD = 200

/** Records that were fetched and wait for a poll, in the order in which they came. Full, it lets nothing more be fetched. */
export class ReadAhead {
  private records: Buffered[] = []
  /** How many of them were taken already. */
  private taken = 0
  private bytes = 0
  private readonly arrivals = new Set<() => void>()
  private readonly departures = new Set<() => void>()

  public constructor(private readonly mostBytes: number) {}

  /** How many wait. */
  public get size(): number {
    return this.records.length - this.taken
  }

  /** Whether more may be fetched. */
  public get hasRoom(): boolean {
    return this.size < MOST_RECORDS && this.bytes < this.mostBytes
  }

  /** Puts those of a batch behind the others that its partition has not had yet. */
  public add(partition: PartitionState, { records, next }: ReadBatch): void {
    const last = records.length - 1
    records.forEach((record, index) => {
      if (record.offset < partition.next) return
      partition.open += 1
      this.records.push({ partition, record, upTo: index === last ? next : record.offset + 1 })
      this.bytes += sizeOf(record)
    })
    partition.next = Math.max(partition.next, next)
    this.wake(this.arrivals)
  }

  /** The next ones, out of it. */
  public take(most: number): Buffered[] {
    const taken = this.records.slice(this.taken, this.taken + most)
    this.taken += taken.length
    this.forgetTaken()
    for (const { record } of taken) this.bytes -= sizeOf(record)
    if (this.hasRoom) this.wake(this.departures)
    return taken
  }

  /** Has those be the next ones again that could not be handed out. */
  public putBack(taken: readonly Buffered[]): void {
    const ours = taken.filter(({ partition }) => !partition.isLost)
    this.records = [...ours, ...this.records.slice(this.taken)]
    this.taken = 0
    for (const { record } of ours) this.bytes += sizeOf(record)
  }

  /** Forgets those of partitions that were taken away. */
  public dropLost(): void {
    this.records = this.records.slice(this.taken).filter(({ partition }) => !partition.isLost)
    this.taken = 0
    this.bytes = this.records.reduce((bytes, { record }) => bytes + sizeOf(record), 0)
    if (this.hasRoom) this.wake(this.departures)
  }

  /** Resolves when something has come, was called off, or the time is over. */
  public arrival(limitMs: number): Promise<void> {
    return waiting(this.arrivals, limitMs)
  }

  /** Resolves when there is room, it was called off, or the time is over. */
  public room(limitMs: number): Promise<void> {
    return waiting(this.departures, limitMs)
  }

  /** Calls off all waiting. */
  public release(): void {
    this.wake(this.arrivals)
    this.wake(this.departures)
  }

  /** Moving the rest is worth it when there is less of it. */
  private forgetTaken(): void {
    if (this.taken * 2 < this.records.length) return
    this.records = this.records.slice(this.taken)
    this.taken = 0
  }

  private wake(waiters: Set<() => void>): void {
    for (const resolve of waiters) resolve()
    waiters.clear()
  }
}

function waiting(waiters: Set<() => void>, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      waiters.delete(done)
      resolve()
    }
    const timer = setTimeout(done, limitMs)
    waiters.add(done)
  })
}

function sizeOf({ key, value }: ReadRecord): number {
  return (key?.byteLength ?? 0) + (value?.byteLength ?? 0) + OVERHEAD
}
