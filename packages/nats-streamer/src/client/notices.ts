import type { StreamerLogger } from '@boostercloud/streamer-connector'

/** Texts that are kept in mind, so that each is said once; beyond it some may be said again. */
const MOST_SAID = 1_000

/** What an operator should know of a stream: said once to the log, and kept for `health()`. */
export class Notices {
  private readonly said = new Set<string>()
  private latest?: string
  private startedOver = 0
  private missed = 0

  public constructor(private readonly log?: StreamerLogger) {}

  /** Says something, unless it was said before. Answers whether it was not. */
  public warn(text: string): boolean {
    if (this.said.has(text)) return false
    if (this.said.size >= MOST_SAID) this.said.clear()
    this.said.add(text)
    this.latest = text
    this.log?.warn(text)
    return true
  }

  /** A position says nothing about the stream: reading begins at its first event. */
  public startsOver(topic: string, position: string, why: string): void {
    const text = `Reading '${topic}' begins at the first event: the position ${position} does not fit the stream, because ${why}.`
    if (this.warn(text)) this.startedOver += 1
  }

  /** Events of the stream, of whatever topics, were deleted before they could be read here. */
  public hasMissed(topic: string, position: string, count: number): void {
    const text = `Up to ${count} events after the position ${position} of '${topic}' were deleted before they were read.`
    if (this.warn(text)) this.missed += count
  }

  /** As `health()` tells it; nothing where there is nothing. */
  public get details(): Readonly<Record<string, string | number>> {
    const { latest, startedOver, missed } = this
    return {
      ...(startedOver > 0 && { startedOver }),
      ...(missed > 0 && { missed }),
      ...(latest !== undefined && { notice: latest }),
    }
  }
}
