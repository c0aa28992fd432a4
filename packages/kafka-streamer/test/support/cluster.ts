import { Kafka, logLevel } from 'kafkajs'
import type { Admin, Cluster, PartitionAssigner, Producer } from 'kafkajs'

/** The cluster without the streamer in between. */
export function bareKafka(broker: string): Kafka {
  return new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
}

/** Does something as an administrator of the cluster. */
export async function asAdmin<T>(broker: string, act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = bareKafka(broker).admin()
  await admin.connect()
  return act(admin).finally(() => admin.disconnect())
}

/** Does something as a program that knows nothing of us. */
export async function asProducer<T>(broker: string, act: (producer: Producer) => Promise<T>): Promise<T> {
  const producer = bareKafka(broker).producer()
  await producer.connect()
  return act(producer).finally(() => producer.disconnect())
}

/** A committed offset with what was noted beside it. */
export interface Commit {
  readonly partition: number
  readonly offset: string
  readonly metadata: string | null
}

/** What a group has committed of a topic, with what was noted beside it. */
export async function commitsOf(broker: string, groupId: string, topic: string): Promise<Commit[]> {
  const [offsets] = await asAdmin(broker, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }))
  return offsets?.partitions ?? []
}

/** Commits for a group that nobody is in. */
export async function commitAs(
  broker: string,
  groupId: string,
  topic: string,
  commits: readonly Commit[]
): Promise<void> {
  let cluster: Cluster | undefined
  const capture: PartitionAssigner = (config: { cluster: Cluster }) => {
    cluster = config.cluster
    return {
      name: 'none',
      version: 0,
      assign: async () => [],
      protocol: () => ({ name: 'none', metadata: Buffer.alloc(0) }),
    }
  }
  const consumer = bareKafka(broker).consumer({ groupId, partitionAssigners: [capture] })
  await consumer.connect()
  const coordinator = await cluster?.findGroupCoordinator({ groupId })
  const topics = [{ topic, partitions: [...commits] }]
  await coordinator?.offsetCommit({ groupId, groupGenerationId: -1, memberId: '', topics })
  await consumer.disconnect()
}

/** What a group has committed of a topic, by partition; -1 where nothing is. */
export async function committedOf(broker: string, groupId: string, topic: string): Promise<number[]> {
  const offsets = await asAdmin(broker, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }))
  const partitions = [...(offsets[0]?.partitions ?? [])].sort((a, b) => a.partition - b.partition)
  return partitions.map(({ offset }) => Number(offset))
}
