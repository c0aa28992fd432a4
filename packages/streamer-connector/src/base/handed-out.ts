import { randomBytes } from 'node:crypto'

const FORM = /^([0-9a-f]{16}):([1-9]\d{0,15})$/

/** Events of one item that were handed out together, under the numbers from `first` to `last`. */
interface Stretch<T> {
  readonly item: T
  readonly last: number
  /** The number of the first of them that is not settled. */
  from: number
}

/**
 * What was handed out and is not settled, in that order, for brokers that keep the position of their readers. Its IDs count from 1 and hold for this session only: one of
 * another process, or of an earlier connection, settles nothing.
 *
 * Events that belong together may be handed out as one item, so that many may be open for long without an object each.
 * @experimental
 */
export class HandedOut<T> {
  private readonly session = randomBytes(8).toString('hex')
  private readonly open = new Map<number, Stretch<T>>()
  private last = 0
  private settled = 0
  private count = 0

  /** How many events are not settled. */
  public get size(): number {
    return this.count
  }

  /** What has events that are not settled, in the order of delivery. */
  public get items(): T[] {
    return Array.from(this.open.values(), ({ item }) => item)
  }

  /** The number up to which everything is settled; 0 before the first. */
  public get settledTo(): number {
    return this.settled
  }

  /** Hands out so many events of one item. Answers their IDs, in order. */
  public add(item: T, count = 1): string[] {
    const first = this.last + 1
    this.last += count
    this.count += count
    if (count > 0) this.open.set(first, { item, last: this.last, from: first })
    return Array.from({ length: count }, (_, index) => this.idOf(first + index))
  }

  /**
   * Settles everything up to an ID, of each item so many events; answers whether there was anything. An ID that was not handed out here, or is settled, says nothing.
   */
  public settle(eventId: string, settled: (item: T, count: number) => void = () => undefined): boolean {
    const [, session, digits] = FORM.exec(eventId) ?? []
    const upTo = Number(digits)
    if (session !== this.session || upTo <= this.settled || upTo > this.last) return false
    this.settled = upTo
    for (const [first, stretch] of this.open) {
      if (stretch.from > upTo) break
      const end = Math.min(stretch.last, upTo)
      const count = end - stretch.from + 1
      this.count -= count
      stretch.from = end + 1
      if (end === stretch.last) this.open.delete(first)
      settled(stretch.item, count)
    }
    return true
  }

  /** Gives up items that are another reader's now. Answers the IDs of what was not settled of them. */
  public lose(isLost: (item: T) => boolean): string[] {
    const ids: string[] = []
    for (const [first, { item, from, last }] of this.open) {
      if (!isLost(item)) continue
      this.open.delete(first)
      this.count -= last - from + 1
      for (let number = from; number <= last; number += 1) ids.push(this.idOf(number))
    }
    return ids
  }

  private idOf(number: number): string {
    return `${this.session}:${number}`
  }
}
