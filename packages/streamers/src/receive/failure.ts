import { CLOCKS_APART_MS, isStreamerError } from '@boostercloud/streamer-connector'
import type { FailureCause, ParkedEvent } from '../state'
import { delayAfter } from '../timing'
import { isNeverRetried } from './do-not-retry'
import type { Link } from './link'

/** Why an event is not finished. */
export interface Failure {
  readonly error: unknown
  /**
   * `handler`: its run failed, which counts. `storing`: the outcome is written and could not be stored yet, which does not.
   * `elsewhere`: another process has it, which neither counts nor says anything of how it goes there. `start`: it was not run any more.
   */
  readonly during: 'handler' | 'storing' | 'elsewhere' | 'start'
  /** Resolves when a run has ended that was given up on; its event and its key wait for that. */
  readonly late?: Promise<void>
}

/** Failures that no further try can hint: the bytes are what they are. */
const PERMANENT = ['EVENT_UNDECODABLE', 'EVENT_MISMATCH'] as const
/** Failures that say nothing against the event: the service is what must change. */
const UNCOUNTED = ['EVENT_VERSION_UNKNOWN'] as const

/** What is parked after a failed try: for a later one, or as a dead letter. */
export function afterFailure(event: ParkedEvent, failure: Failure, link: Link, now: number): ParkedEvent {
  const { error } = failure
  const counts = failure.during === 'handler' && !UNCOUNTED.some((code) => isStreamerError(error, code))
  const attempts = event.attempts + (counts ? 1 : 0)
  const firstAt = counts ? Math.min(event.firstAt, now) : waitsSince(event, now)
  const tried = { ...event, attempts, firstAt, lastAt: now, cause: causeOf(error) }
  if (PERMANENT.some((code) => isStreamerError(error, code))) return { ...tried, state: 'dead', holds: false }
  if ((counts && isNeverRetried(error, link.retry)) || isOver(tried, failure, counts, link))
    return { ...tried, state: 'dead', holds: link.afterDeadLetter === 'hold' && event.key !== undefined }
  const delay = counts ? delayAfter(attempts, link.retry, Math.random()) : patience(now - firstAt, link)
  return { ...tried, state: 'retry', dueAt: now + delay }
}

function isOver({ attempts, firstAt, lastAt }: ParkedEvent, { during }: Failure, counts: boolean, link: Link): boolean {
  if (during === 'start') return true
  return counts ? attempts >= link.retry.attempts : during === 'handler' && lastAt - firstAt >= link.newerVersionLimitMs
}

/**
 * Since when an event waits, without the time in which it was due and nobody tried it: then no service ran, or the clock was wrong, and neither is a
 * reason to give it up.
 */
function waitsSince({ firstAt, dueAt }: ParkedEvent, now: number): number {
  const idleMs = now - dueAt
  return Math.min(now, idleMs > CLOCKS_APART_MS ? firstAt + idleMs : firstAt)
}

/** The delay before a try that does not count: as long as it has been waited already, within the policy's bounds. */
function patience(waitedMs: number, { retry: { firstDelayMs, maxDelayMs } }: Link): number {
  return Math.min(maxDelayMs, Math.max(firstDelayMs, waitedMs))
}

/** What is kept of an error. */
export function causeOf(error: unknown): FailureCause {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) }
  const cause = { name: error.name, message: error.message, stack: error.stack }
  return isStreamerError(error) ? { ...cause, code: error.code } : cause
}
