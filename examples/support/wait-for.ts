import { setTimeout as pause } from 'node:timers/promises'

/** How long is waited. */
export interface WaitOptions {
  readonly limitMs?: number
  readonly everyMs?: number
  readonly signal?: AbortSignal
}

/**
 * Asks again and again until the answer is truthy, and returns it. Rejects after `limitMs` with what was waited for and the last
 * error, or at once when `signal` is aborted.
 */
export async function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  { limitMs = 60_000, everyMs = 50, signal }: WaitOptions = {}
): Promise<Exclude<T, false | undefined | null | 0 | ''>> {
  const end = Date.now() + limitMs
  let last: unknown
  for (;;) {
    signal?.throwIfAborted()
    try {
      const answer = await ask()
      if (answer) return answer as Exclude<T, false | undefined | null | 0 | ''>
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms for ${what}, in vain.`, { cause: last })
    await pause(everyMs, undefined, { signal })
  }
}
