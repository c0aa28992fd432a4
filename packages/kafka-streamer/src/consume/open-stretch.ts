import type { ReadRecord } from '../wire'
import type { PartitionState } from './partition-state'

/** Records of a partition that were handed out together, of which nothing is kept but how far the partition is settled when each of them is. */
export class OpenStretch {
  private readonly marks: readonly number[]
  private settled = 0

  /** `next`: how far the partition is settled when all of them are. */
  public constructor(
    public readonly partition: PartitionState,
    records: readonly ReadRecord[],
    next: number
  ) {
    this.marks = records.map(({ offset }, index) => (index === records.length - 1 ? next : Number(offset) + 1))
  }

  /** The next so many of them are settled. */
  public settle(count: number): void {
    const { partition } = this
    this.settled += count
    partition.settled = Math.max(partition.settled, this.marks[this.settled - 1])
    partition.open -= count
  }
}

/** Settles the next so many records of a stretch. */
export const settle = (stretch: OpenStretch, count: number): void => stretch.settle(count)
