/** What a promise resolves with; rejects when it has not after so many milliseconds. */
export async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

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
