import { AssertionError } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'

/** Resolves when the condition holds; rejects, saying what was waited for, when it does not for long. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 30_000
): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > end) throw new AssertionError({ message: `${what}: not within ${limitMs} ms` })
    await pause(10)
  }
}
