import { randomBytes } from 'node:crypto'
import type { PartitionState } from './partition-state'
import type { Buffered } from './read-ahead'

interface Entry {
  readonly partition: PartitionState
  readonly upTo: number
}

/** Tells sessions apart; none of theirs says anything in another. */
const ID = /^([0-9a-f]{12})-(0|[1-9]\d{0,15})$/

/**
 * What was handed out and is not settled, in that order, under numbers that hold for this session: the mark is in hand-out order, through all
 * partitions.
 */
export class HandedOut {
  private readonly session = randomBytes(6).toString('hex')
  private entries: Entry[] = []
  /** The number of the first entry. */
  private first = 0
  /** How many of the entries are settled already, and not yet cut off. */
  private settledCount = 0

  /** The ID of a record that is handed out now. */
  public add({ partition, upTo }: Buffered): string {
    this.entries.push({ partition, upTo })
    return `${this.session}-${this.first + this.entries.length - 1}`
  }

  /** Settles everything up to an ID. Answers whether there was anything. One that is not of this session, or was settled before, says nothing. */
  public settle(id: string): boolean {
    const [, session, digits] = ID.exec(id) ?? []
    if (session !== this.session) return false
    const count = Number(digits) - this.first + 1
    if (count <= this.settledCount || count > this.entries.length) return false
    for (let at = this.settledCount; at < count; at += 1) {
      const { partition, upTo } = this.entries[at]
      partition.settled = Math.max(partition.settled, upTo)
      partition.open -= 1
    }
    this.settledCount = count
    this.cut()
    return true
  }

  /** The IDs of what belongs to partitions that were just taken away. */
  public idsOf(lost: ReadonlySet<PartitionState>): string[] {
    const ids: string[] = []
    for (let at = this.settledCount; at < this.entries.length; at += 1) {
      if (lost.has(this.entries[at].partition)) ids.push(`${this.session}-${this.first + at}`)
    }
    return ids
  }

  /** Cutting moves what stays, so it is done when there is as much to cut. */
  private cut(): void {
    if (this.settledCount * 2 < this.entries.length) return
    this.entries = this.entries.slice(this.settledCount)
    this.first += this.settledCount
    this.settledCount = 0
  }
}
