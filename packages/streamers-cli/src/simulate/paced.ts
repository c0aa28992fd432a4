import { setTimeout as pause } from 'node:timers/promises'

/** How fast, and until when. */
export interface Pace {
  /** Undefined: as fast as they are taken. */
  readonly eventsPerSecond?: number
  /** The most that are handed on together. */
  readonly batch: number
  /** Ends it: nothing more is handed on. */
  readonly signal: AbortSignal
}

/** Hands values on in batches, in order. What could not go out in time, as the last batch took long, goes out with the next one. */
export async function* paced<T>(
  values: Iterable<T>,
  { eventsPerSecond = Infinity, batch, signal }: Pace
): AsyncGenerator<T[], void, undefined> {
  const iterator = values[Symbol.iterator]()
  const start = performance.now()
  for (let taken = 0; !signal.aborted;) {
    const seconds = (performance.now() - start) / 1000
    // The first is due at once.
    const due = eventsPerSecond === Infinity ? batch : Math.floor(seconds * eventsPerSecond) + 1 - taken
    if (due < 1) {
      await pause(Math.max(1, (taken / eventsPerSecond - seconds) * 1000), undefined, { signal }).catch(() => undefined)
      continue
    }
    const next = take(iterator, Math.min(due, batch))
    taken += next.length
    if (next.length > 0) yield next
    if (next.length < Math.min(due, batch)) return
  }
}

function take<T>(iterator: Iterator<T>, most: number): T[] {
  const taken: T[] = []
  while (taken.length < most) {
    const next = iterator.next()
    if (next.done) break
    taken.push(next.value)
  }
  return taken
}
