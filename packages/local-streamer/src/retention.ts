import type { Statements } from '@boostercloud/streamer-sqlite'
import type { Retention } from './options'

/** The most events that one trimming removes, so that it delays nobody for long. */
const MOST_TRIMMED = 2000

/** Trimming is due after so many events or so much time, whichever comes first. */
const DUE_AFTER_EVENTS = 200
const DUE_AFTER_MS = 1000

/** The oldest events but the newest one. */
const OLDEST = `
  SELECT sequence, bytes, published_at FROM events WHERE sequence < (SELECT max(sequence) FROM events)
  ORDER BY sequence LIMIT ?1`

/** Forgets old events now and then, in the transaction of an append: what fails it fails the append, and nothing runs unseen. */
export class Trimmer {
  private appended = 0
  private trimmedAt = Number.NEGATIVE_INFINITY

  public constructor(private readonly retention: Retention) {}

  /** To be called after each append, with how many events it had. */
  public afterAppend(events: number, statements: Statements): void {
    if (this.retention.maxAgeMs === undefined && this.retention.maxBytes === undefined) return
    this.appended += events
    const now = Date.now()
    if (this.appended < DUE_AFTER_EVENTS && now - this.trimmedAt < DUE_AFTER_MS) return
    this.appended = 0
    this.trimmedAt = now
    trim(this.retention, now, statements)
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
