import type { RecordedEvent } from '../format'

/** How many of the events are meant. */
export async function countIn(
  batches: AsyncIterable<readonly RecordedEvent[]>,
  isMeant: (event: RecordedEvent) => boolean
): Promise<number> {
  let count = 0
  for await (const events of batches) count += events.filter(isMeant).length
  return count
}
