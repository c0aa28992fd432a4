/** An event that was handed out, on its way to being settled. */
export interface HandedOut {
  readonly eventId?: string
  settled: boolean
}

/** So many behind the mark are not worth clearing away. */
const FEW = 64

/**
 * The mark up to which everything is settled, in hand-out order. Events settle in any order; the mark moves over those at the
 * front only.
 */
export class SettledMark {
  private handedOut: HandedOut[] = []
  /** Where in the list the first one stands that is not behind the mark. */
  private front = 0
  private latest?: string
  private openCount = 0

  public constructor(private readonly onSettled: () => void) {}

  /** The ID to acknowledge, undefined while there is none. */
  public get mark(): string | undefined {
    return this.latest
  }

  /** Events handed out that are not settled. */
  public get open(): number {
    return this.openCount
  }

  /** Events handed out and not behind the mark: those that are not settled, and those settled after one that is not. */
  public get unsettled(): number {
    return this.handedOut.length - this.front
  }

  /** Takes note of an event in hand-out order. */
  public handOut(eventId?: string): HandedOut {
    const entry = { eventId, settled: false }
    this.handedOut.push(entry)
    this.openCount += 1
    return entry
  }

  /** The outcome is stored, the event is parked, or its dead letter is written. */
  public settle(entry: HandedOut): void {
    if (entry.settled) return
    entry.settled = true
    this.openCount -= 1
    if (this.handedOut[this.front] === entry) this.moveOn()
    this.onSettled()
  }

  private moveOn(): void {
    for (; this.handedOut[this.front]?.settled; this.front += 1) {
      this.latest = this.handedOut[this.front].eventId ?? this.latest
    }
    // Taking each away from the front of a long list would cost more than all else.
    if (this.front >= FEW && this.front * 2 >= this.handedOut.length) {
      this.handedOut = this.handedOut.slice(this.front)
      this.front = 0
    }
  }
}
