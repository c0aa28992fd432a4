import type { DriverAdmin } from '../client'

/** How many records of a topic a group has not committed. Rejects as the brokers do. */
export async function lagOf(
  admin: Pick<DriverAdmin, 'ranges' | 'committed'>,
  groupId: string,
  topic: string
): Promise<number> {
  const [ranges, committed] = await Promise.all([admin.ranges(topic), admin.committed(groupId, topic)])
  return ranges.reduce((lag, { partition: id, first, end }) => {
    const offset = committed.find(({ partition }) => partition === id)?.offset ?? first
    // Both were asked at once: a group may have committed what came after the end was told.
    return lag + Math.max(0, Number(end) - Math.max(Number(first), Number(offset)))
  }, 0)
}
