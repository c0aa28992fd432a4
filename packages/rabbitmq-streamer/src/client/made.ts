import { within } from '@boostercloud/streamer-connector'

/** How long the server may take to answer what is asked while something is made. */
const ANSWER_MS = 10_000

/** What is made within the time that the server has for its answers; what comes too late is ended. */
export async function made<T>(making: Promise<T>, end: (late: T) => Promise<void>): Promise<T> {
  try {
    return await within(ANSWER_MS, making)
  } catch (thrown) {
    making.then(end).catch(() => undefined)
    throw thrown
  }
}
