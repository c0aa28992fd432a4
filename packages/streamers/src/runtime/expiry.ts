import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { StreamingOptions } from '../declare'
import type { Retention, StateStore } from '../state'

const DAY_MS = 24 * 60 * 60 * 1000
const EVERY_MS = 60 * 60 * 1000

/** How long a service keeps what is done with. */
export function retentionOf({ inboxRetentionMs, deadLetterRetentionMs }: StreamingOptions): Retention {
  return { inboxMs: inboxRetentionMs ?? 14 * DAY_MS, deadLetterMs: deadLetterRetentionMs ?? 30 * DAY_MS }
}

/** Forgets, now and every hour, what has been kept for long enough. Answers how to stop. */
export function expireRegularly(
  state: StateStore,
  { inboxMs, deadLetterMs }: Retention,
  log: StreamerLogger
): () => void {
  const expire = (): void => {
    const now = Date.now()
    Promise.all([state.expireInbox(now - inboxMs), state.expireDeadLetters(now - deadLetterMs)]).catch(
      (error: unknown) =>
        log.warn('What has been kept for long enough could not be forgotten; trying again in an hour.', error)
    )
  }
  expire()
  const timer = setInterval(expire, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
