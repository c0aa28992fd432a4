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

  public constructor(private readonly onChange: () => void) {}

  /** The ID to acknowledge, undefined while there is none. */
  public get mark(): string | undefined {
    return this.latest
  }

  /** Events handed out and not behind the mark. */
  public get unsettled(): number {
    return this.handedOut.length - this.front
  }

  /** Takes note of an event in hand-out order. */
  public handOut(eventId?: string): HandedOut {
    const entry = { eventId, settled: false }
    this.handedOut.push(entry)
    return entry
  }

  /** The outcome is stored, the event is parked, or its dead letter is written. */
  public settle(entry: HandedOut): void {
    entry.settled = true
    if (this.handedOut[this.front] !== entry) return
    for (; this.handedOut[this.front]?.settled; this.front += 1) {
      this.latest = this.handedOut[this.front].eventId ?? this.latest
    }
    // Taking each away from the front of a long list would cost more than all else.
    if (this.front >= FEW && this.front * 2 >= this.handedOut.length) {
      this.handedOut = this.handedOut.slice(this.front)
      this.front = 0
    }
    this.onChange()
  }
}
