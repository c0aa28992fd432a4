import { setTimeout as pause } from 'node:timers/promises'

/**
 * Asks again and again until the answer is truthy, and returns it. Rejects after `limitMs` with what was waited for and the last
 * error, or at once when `signal` is aborted.
 */
export async function waitFor(what, ask, { limitMs = 60_000, everyMs = 50, signal } = {}) {
  const end = Date.now() + limitMs
  let last
  for (;;) {
    signal?.throwIfAborted()
    try {
      const answer = await ask()
      if (answer) return answer
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms for ${what}, in vain.`, { cause: last })
    await pause(everyMs, undefined, { signal })
  }
}
