import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { StreamingOptions } from '../declare'
import type { StateStore } from '../state'

const DAY_MS = 24 * 60 * 60 * 1000
const DEFAULTS = { inboxRetentionMs: 14 * DAY_MS, deadLetterRetentionMs: 30 * DAY_MS }
const EVERY_MS = 60 * 60 * 1000

/** Forgets, now and every hour, what has been kept for long enough. Answers how to stop. */
export function expireRegularly(state: StateStore, options: StreamingOptions, log: StreamerLogger): () => void {
  const expire = (): void => {
    const now = Date.now()
    Promise.all([
      state.expireInbox(now - (options.inboxRetentionMs ?? DEFAULTS.inboxRetentionMs)),
      state.expireDeadLetters(now - (options.deadLetterRetentionMs ?? DEFAULTS.deadLetterRetentionMs)),
    ]).catch((error: unknown) =>
      log.warn('What has been kept for long enough could not be forgotten; trying again in an hour.', error)
    )
  }
  expire()
  const timer = setInterval(expire, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
