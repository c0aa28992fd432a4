import type { RetentionClock, Statements } from '@boostercloud/streamer-sqlite'
import type { Retention } from '../options'

/** The most events that one trimming removes, so that it delays nobody for long. */
const MOST_TRIMMED = 2000

/** Trimming is due after so many events or so much time, whichever comes first. */
const DUE_AFTER_EVENTS = 200
const DUE_AFTER_MS = 1000

/** Milliseconds. */
const OLDER_MS = 7 * 24 * 60 * 60 * 1000
const DATE_ANEW = 'UPDATE events SET published_at = ?1 WHERE published_at < ?2'

/** The oldest events but the newest one. */
const OLDEST = `
  SELECT sequence, bytes, published_at FROM events WHERE sequence < (SELECT max(sequence) FROM events)
  ORDER BY sequence LIMIT ?1`

/** Forgets old events now and then, in the transaction of an append: what fails it fails the append, and nothing runs unseen. */
export class Trimmer {
  private appended = 0
  private trimmedAt = Number.NEGATIVE_INFINITY

  public constructor(
    private readonly retention: Retention,
    private readonly clock: Pick<RetentionClock, 'now' | 'isSettled'>
  ) {}

  /** To be called after each append, with how many events it had. */
  public afterAppend(events: number, statements: Statements): void {
    if (this.retention.maxAgeMs === undefined && this.retention.maxBytes === undefined) return
    this.appended += events
    const passed = performance.now()
    if (this.appended < DUE_AFTER_EVENTS && passed - this.trimmedAt < DUE_AFTER_MS) return
    this.appended = 0
    this.trimmedAt = passed
    const { isSettled } = this.clock
    const now = this.clock.now()
    if (isSettled) this.dateAnew(now, statements)
    trim(this.retention, now, statements)
  }

  /** What is much older than it may become was dated by a clock that was wrong, or nobody looked for long: its age counts from now on. */
  private dateAnew(now: number, { run }: Statements): void {
    const { maxAgeMs } = this.retention
    if (maxAgeMs !== undefined) run(DATE_ANEW, now, now - maxAgeMs - OLDER_MS)
  }
}

function trim({ maxAgeMs = Infinity, maxBytes = Infinity }: Retention, now: number, { all, run }: Statements): void {
  const [log] = all('SELECT bytes FROM log')
  let bytes = Number(log.bytes)
  let last: number | undefined
  for (const event of all(OLDEST, MOST_TRIMMED)) {
    if (bytes <= maxBytes && now - Number(event.published_at) <= maxAgeMs) break
    bytes -= Number(event.bytes)
    last = Number(event.sequence)
  }
  if (last === undefined) return
  run('DELETE FROM events WHERE sequence <= ?1', last)
  run('UPDATE log SET bytes = ?1', bytes)
}
