import { setTimeout as pause } from 'node:timers/promises'
import { publishedAt } from '../format'
import type { RecordedEvent } from '../format'

/** The most events that are published together, and about how many bytes. */
const MOST_EVENTS = 500
const MOST_BYTES = 4_000_000

/** Events in batches, in their order, when they are due: so many times as fast as they were published. */
export async function* dueBatches(
  events: AsyncIterable<RecordedEvent>,
  speed: number,
  signal?: AbortSignal
): AsyncGenerator<RecordedEvent[], void, undefined> {
  const clock = new ReplayClock(speed)
  let batch: RecordedEvent[] = []
  let bytes = 0
  for await (const event of events) {
    const waitMs = clock.msUntil(event)
    if (batch.length >= MOST_EVENTS || bytes >= MOST_BYTES || (waitMs > 0 && batch.length > 0)) {
      yield batch
      batch = []
      bytes = 0
    }
    if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined)
    if (signal?.aborted) return
    batch.push(event)
    bytes += event.message.body.byteLength
  }
  if (batch.length > 0) yield batch
}

/** Says when an event is due. */
class ReplayClock {
  private readonly begun = performance.now()
  private first?: number

  public constructor(private readonly speed: number) {}

  /** Milliseconds; not above 0: now. */
  public msUntil(event: RecordedEvent): number {
    if (this.speed === Infinity) return 0
    const at = publishedAt(event)
    this.first ??= at
    return this.begun + (at - this.first) / this.speed - performance.now()
  }
}
