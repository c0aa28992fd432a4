import type { PendingMark } from '../state'
import { evenNow } from '../timing'

/** Absent events kept in mind; of more, the oldest are looked at anew. */
const MOST = 10_000

/**
 * For how long events are missed that were announced. That is counted from when they were first missed here: when a mark was written says nothing where
 * a clock is wrong, and a mark that is dropped too early is an event that is never published.
 */
export class Absences {
  private readonly since = new Map<string, number>()

  /** `afterMs`: how long an event may take to appear. */
  public constructor(
    private readonly afterMs: number,
    private readonly now: () => number = evenNow
  ) {}

  /** Whether the event of a mark, which is not in the store now, has been missed for long enough. */
  public isOver({ address, id, owner }: PendingMark): boolean {
    const name = JSON.stringify([address, id, owner])
    const now = this.now()
    const since = this.since.get(name) ?? now
    const isOver = now - since >= this.afterMs
    if (isOver) this.since.delete(name)
    else this.since.set(name, since)
    const [oldest] = this.since.keys()
    if (this.since.size > MOST) this.since.delete(oldest)
    return isOver
  }
}
