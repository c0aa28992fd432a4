/** An event that was handed out, on its way to being settled. */
export interface HandedOut {
  readonly eventId?: string
  settled: boolean
}

/**
 * The mark up to which everything is settled, in hand-out order. Events settle in any order; the mark moves over those at the
 * front only.
 */
export class SettledMark {
  private readonly handedOut: HandedOut[] = []
  private latest?: string

  public constructor(private readonly onChange: () => void) {}

  /** The ID to acknowledge, undefined while there is none. */
  public get mark(): string | undefined {
    return this.latest
  }

  /** Events handed out and not behind the mark. */
  public get unsettled(): number {
    return this.handedOut.length
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
    if (this.handedOut[0] !== entry) return
    let front = 0
    while (this.handedOut[front]?.settled) {
      this.latest = this.handedOut[front].eventId ?? this.latest
      front += 1
    }
    this.handedOut.splice(0, front)
    this.onChange()
  }
}
