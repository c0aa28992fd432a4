import type { ExternalEvent } from '@boostercloud/streamer-connector'

/** IDs remembered; beyond them a repeat is no longer recognized. */
const REMEMBERED = 10_000

/** Drops what a connector that declares nothing hands out again within one session. Events without an ID all pass. */
export class RepeatFilter {
  private readonly seen = new Set<string>()

  /** Those that have not passed before. */
  public fresh(events: readonly ExternalEvent[]): ExternalEvent[] {
    return events.filter(({ eventId }) => {
      if (eventId === undefined) return true
      if (this.seen.has(eventId)) return false
      this.seen.add(eventId)
      for (const oldest of this.seen) {
        if (this.seen.size <= REMEMBERED) break
        this.seen.delete(oldest)
      }
      return true
    })
  }
}
