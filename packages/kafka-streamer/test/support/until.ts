import { AssertionError } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'

/** Many times as long as usual on a machine that is slow or busy with something else. */
const PATIENCE = Number(process.env.STREAMERS_TEST_PATIENCE ?? 1)

/** Resolves when the condition holds; rejects, saying what was waited for, after the limit (milliseconds, of a clock that no test sets). */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 30_000
): Promise<void> {
  const end = performance.now() + limitMs * PATIENCE
  while (!(await condition())) {
    if (performance.now() > end) throw new AssertionError({ message: `${what}: not within ${limitMs * PATIENCE} ms` })
    await pause(10)
  }
}
