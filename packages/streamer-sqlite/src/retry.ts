import { setTimeout as delay } from 'node:timers/promises'
import { isBusy } from './storage-error'

const LONGEST_DELAY_MS = 8

/**
 * Tries until the lock is free: at once, then after short random delays that leave the event loop to others. Rejects with what the
 * last try threw when the time is over, and at once with anything that is not about a lock. `version` changes with each commit of another: where it
 * has changed meanwhile the time begins again, since on a slow disk somebody else may be quicker each time, and nobody keeps the lock.
 */
export async function untilFree<T>(attempt: () => T, timeoutMs: number, version?: () => unknown): Promise<T> {
  let deadline = performance.now() + timeoutMs
  let seen: unknown
  for (let tries = 0; ; tries++) {
    try {
      return attempt()
    } catch (thrown) {
      if (!isBusy(thrown)) throw thrown
      if (tries === 0) seen = version?.()
      if (performance.now() >= deadline) {
        const now = version?.()
        if (now === seen) throw thrown
        seen = now
        deadline = performance.now() + timeoutMs
      }
    }
    await delay(Math.random() * Math.min(LONGEST_DELAY_MS, 2 ** tries))
  }
}

/** Tries a few times without leaving the turn of the event loop; about 15 ms at most. For what is rarely locked, and briefly. */
export function shortlyUntilFree<T>(attempt: () => T): T {
  for (let pauseMs = 1; pauseMs <= LONGEST_DELAY_MS; pauseMs *= 2) {
    try {
      return attempt()
    } catch (thrown) {
      if (!isBusy(thrown)) throw thrown
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
  }
  return attempt()
}
