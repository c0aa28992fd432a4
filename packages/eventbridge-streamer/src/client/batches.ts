/** How much one request takes. */
export interface RequestLimits {
  readonly count: number
  readonly bytes: number
}

/**
 * Places (from 0) of entries of these sizes, in as many requests as they need, in order. AWS bounds a request as it bounds an entry, so a request
 * has at most as many bytes as the largest entry may. One that is larger is alone.
 */
export function batchesOf(sizes: readonly number[], { count, bytes }: RequestLimits): number[][] {
  const batches: number[][] = []
  let [batch, sum]: [number[], number] = [[], 0]
  sizes.forEach((size, index) => {
    if (batch.length > 0 && (batch.length === count || sum + size > bytes)) {
      batches.push(batch)
      ;[batch, sum] = [[], 0]
    }
    batch.push(index)
    sum += size
  })
  return batch.length === 0 ? batches : [...batches, batch]
}

/** Does something with each, so many at once. Rejects as the first that does. */
export async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values()
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
}
