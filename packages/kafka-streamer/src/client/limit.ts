/** Waits for a promise, but no longer; whatever comes of it. */
export async function atMost(limitMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)))
  await Promise.race([promise.catch(() => undefined), late])
  clearTimeout(timer)
}
