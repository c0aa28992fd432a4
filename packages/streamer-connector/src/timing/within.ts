/** What a timer takes at most; one that is set for longer is over at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * What a promise comes to; or else, after so many milliseconds, what `late` answers or throws. `Infinity` is no limit. By default it rejects with an error that says
 * how long it was. What the promise comes to later is discarded.
 * @experimental
 */
export async function within<T, L = never>(
  limitMs: number,
  work: Promise<T>,
  late: () => L = () => {
    throw new Error(`no answer within ${limitMs} ms`)
  }
): Promise<T | L> {
  if (limitMs === Infinity) return work
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<'over'>((resolve) => {
    timer = setTimeout(() => resolve('over'), Math.min(limitMs, LONGEST_TIMER_MS))
  })
  try {
    const first = await Promise.race([work.then((value) => ({ value })), over])
    return first === 'over' ? late() : first.value
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Whether a promise is settled within so many milliseconds, however. Never rejects.
 * @experimental
 */
export function endsWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true
  )
  return within(limitMs, ended, () => false)
}
