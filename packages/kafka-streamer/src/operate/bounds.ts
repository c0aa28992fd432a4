import type { PartitionBounds } from '@boostercloud/streamer-connector'
import type { DriverAdmin } from '../client'

/** What the brokers still have of a topic. */
export async function boundsOf(admin: Pick<DriverAdmin, 'ranges'>, topic: string): Promise<PartitionBounds[]> {
  const ranges = await admin.ranges(topic)
  return ranges.map(({ partition, first, end }) => ({
    partition: String(partition),
    first: Number(first),
    end: Number(end),
  }))
}
