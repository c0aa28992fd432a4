import { AssertionError } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'
import { within as withinLimit } from '@boostercloud/streamer-connector'

/** The promise, or an `AssertionError` that says what took longer than the limit. */
export async function within<T>(limitMs: number, promise: Promise<T>, what: string): Promise<T> {
  return withinLimit(limitMs, promise, () => {
    throw new AssertionError({ message: `${what} took longer than ${limitMs} ms` })
  })
}

/** Asks again and again until the answer is true; an `AssertionError` that says what was waited for when the limit passes. */
export async function until(limitMs: number, condition: () => Promise<boolean>, what: () => string): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await within(limitMs, condition(), what()))) {
    if (Date.now() > end) throw new AssertionError({ message: `${what()}: not within ${limitMs} ms` })
    await pause(10)
  }
}
