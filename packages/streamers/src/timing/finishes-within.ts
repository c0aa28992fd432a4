/** Whether something ends within so many milliseconds. Rejects as it does. */
export async function finishesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)))
  const finished = work.then(() => true as const)
  return Promise.race([finished, limit]).finally(() => clearTimeout(timer))
}
