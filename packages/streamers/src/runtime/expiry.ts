import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { RetentionClock } from '@boostercloud/streamer-sqlite'
import type { StreamingOptions } from '../declare'
import type { Retention, StateStore } from '../state'

const DAY_MS = 24 * 60 * 60 * 1000
const EVERY_MS = 60 * 60 * 1000
/** By then a clock that was wrong at the start has been set, or has shown that it was right; milliseconds. */
const FIRST_AFTER_MS = 11 * 60 * 1000
/** What is so much older than what is forgotten, or so far ahead, was dated by a clock that was wrong; milliseconds. */
const OLDER_MS = 7 * DAY_MS
const AHEAD_MS = DAY_MS

/** How long a service keeps what is done with. */
export function retentionOf({ inboxRetentionMs, deadLetterRetentionMs }: StreamingOptions): Retention {
  return { inboxMs: inboxRetentionMs ?? 14 * DAY_MS, deadLetterMs: deadLetterRetentionMs ?? 30 * DAY_MS }
}

/** Forgets, soon after the start and every hour, what has been kept for long enough. Answers how to stop. */
export function expireRegularly(state: StateStore, retention: Retention, log: StreamerLogger): () => void {
  const clock = new RetentionClock(undefined)
  const look = (): void => {
    expireNow(state, retention, clock).catch((error: unknown) =>
      log.warn('Expired data could not be removed. It is tried again in an hour.', error)
    )
  }
  let timer = setTimeout(() => {
    look()
    timer = setInterval(look, EVERY_MS).unref()
  }, FIRST_AFTER_MS).unref()
  return () => clearInterval(timer)
}

/**
 * Forgets what has been kept for long enough by that clock. What a clock that was wrong has dated counts from now on: it is neither forgotten too early
 * nor kept for ever.
 */
export async function expireNow(
  state: StateStore,
  { inboxMs, deadLetterMs }: Retention,
  clock: Pick<RetentionClock, 'now' | 'isSettled'>
): Promise<void> {
  if (!clock.isSettled) return
  const now = clock.now()
  const to = now + AHEAD_MS
  await Promise.all([
    state.expireInbox(now - inboxMs, { from: now - inboxMs - OLDER_MS, to, now }),
    state.expireDeadLetters(now - deadLetterMs, { from: now - deadLetterMs - OLDER_MS, to, now }),
  ])
}
