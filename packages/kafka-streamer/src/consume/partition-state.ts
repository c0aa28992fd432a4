/** How far one partition is, from when it was assigned until it is taken away. */
export class PartitionState {
  /** Whether it is another member's now. What was handed out of it settles nothing here any more. */
  public isLost = false
  /** Whether its start is not known yet. */
  public isStarting = false
  /** Behind what was fetched; -1 before the first batch. */
  public next = -1
  /** Behind what is settled; -1 while nothing is. */
  public settled = -1
  /** What of it is committed; -1 while nothing was by this member. */
  public committed = -1
  /** Records that wait, or were handed out and are not settled. */
  public open = 0
  /** The offset that the next record written would have, as far as is known. */
  public end = 0
  private begin = 0
  private waiting?: { readonly next: number; readonly since: number }

  /** `topicId`: of the topic that it is a partition of, where that is known. */
  public constructor(
    public readonly id: number,
    public readonly topicId?: string
  ) {}

  /** Whether there is something to commit. */
  public get isBehind(): boolean {
    return !this.isLost && this.settled > this.committed
  }

  /** Records that are there and not settled. */
  public get lag(): number {
    return Math.max(0, this.end - Math.max(this.begin, this.settled, this.committed))
  }

  /** Takes note of what the cluster says of it; `committed`: by the group. */
  public measured(first: number, end: number, committed = 0): void {
    this.end = Math.max(this.end, end)
    this.begin = Math.max(this.begin, first, committed)
    const isBehind = this.end > Math.max(this.next, this.begin)
    if (!isBehind) this.waiting = undefined
    else if (this.waiting?.next !== this.next) this.waiting = { next: this.next, since: performance.now() }
  }

  /** For how long there has been something that was not fetched, in milliseconds. */
  public stalledMs(now: number): number {
    return this.waiting && this.waiting.next === this.next ? now - this.waiting.since : 0
  }
}
