import { within } from '@boostercloud/streamer-connector'

/** Whether something ends within so many milliseconds. Rejects as it does. */
export function finishesWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const finished = work.then(() => true)
  return within(limitMs, finished, () => false)
}
