/** Resolves when a promise is settled, or after so many milliseconds. */
export async function atMost(limitMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)))
  const settled = promise.then(
    () => undefined,
    () => undefined
  )
  await Promise.race([settled, over])
  clearTimeout(timer)
}
