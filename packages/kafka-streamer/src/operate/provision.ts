import type { DriverAdmin } from '../client'
import { topicSettings } from '../options'
import type { KafkaStreamerSettings } from '../options'

/** Makes topics that are not there; one that is stays as it is, unless its options say that it is given more partitions. */
export async function provision(
  admin: DriverAdmin,
  settings: Pick<KafkaStreamerSettings, 'topics'>,
  topics: readonly string[]
): Promise<void> {
  for (const topic of new Set(topics)) {
    const { partitions, replicationFactor, retentionMs, config = {}, addPartitions } = topicSettings(settings, topic)
    const retention: Record<string, string> = retentionMs === undefined ? {} : { 'retention.ms': String(retentionMs) }
    const isNew = await admin.create({ topic, partitions, replicationFactor, config: { ...retention, ...config } })
    if (isNew || !addPartitions || partitions === undefined) continue
    if ((await admin.partitionCount(topic)) < partitions) await admin.addPartitions(topic, partitions)
  }
}
