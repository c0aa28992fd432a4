import { randomBytes } from 'node:crypto'
import type { PartitionState } from './partition-state'
import type { Stretch } from './read-ahead'

/** Tells sessions apart; none of theirs says anything in another. */
const ID = /^([0-9a-f]{12})-(0|[1-9]\d{0,15})$/

/**
 * What was handed out and is not settled, in that order, under numbers that hold for this session: the mark is in hand-out order, through all
 * partitions.
 */
export class HandedOut {
  private readonly session = randomBytes(6).toString('hex')
  /** Whose each record is, and how far its partition is settled when it is; without objects of their own, as many may be open for long. */
  private partitions: PartitionState[] = []
  private marks: number[] = []
  /** The number of the first of them. */
  private first = 0
  /** How many of them are settled already, and not yet cut off. */
  private settledCount = 0

  /** Has records be handed out now. Answers the number of the first; see {@link idOf}. */
  public add({ partition, records, next }: Stretch): number {
    const number = this.first + this.partitions.length
    const last = records.length - 1
    records.forEach(({ offset }, index) => {
      this.partitions.push(partition)
      this.marks.push(index === last ? next : Number(offset) + 1)
    })
    return number
  }

  /** The ID of what was handed out under a number. */
  public idOf(number: number): string {
    return `${this.session}-${number}`
  }

  /** Settles everything up to an ID. Answers whether there was anything. One that is not of this session, or was settled before, says nothing. */
  public settle(id: string): boolean {
    const [, session, digits] = ID.exec(id) ?? []
    if (session !== this.session) return false
    const count = Number(digits) - this.first + 1
    if (count <= this.settledCount || count > this.partitions.length) return false
    for (let at = this.settledCount; at < count; at += 1) {
      const partition = this.partitions[at]
      partition.settled = Math.max(partition.settled, this.marks[at])
      partition.open -= 1
    }
    this.settledCount = count
    this.cut()
    return true
  }

  /** The IDs of what belongs to partitions that were just taken away. */
  public idsOf(lost: ReadonlySet<PartitionState>): string[] {
    const ids: string[] = []
    for (let at = this.settledCount; at < this.partitions.length; at += 1) {
      if (lost.has(this.partitions[at])) ids.push(this.idOf(this.first + at))
    }
    return ids
  }

  /** Cutting moves what stays, so it is done when there is as much to cut. */
  private cut(): void {
    if (this.settledCount * 2 < this.partitions.length) return
    this.partitions = this.partitions.slice(this.settledCount)
    this.marks = this.marks.slice(this.settledCount)
    this.first += this.settledCount
    this.settledCount = 0
  }
}
