import { setTimeout as pause } from 'node:timers/promises'
import { endsWithin } from '@boostercloud/streamer-connector'
import type { Admin } from 'kafkajs'
import type { Member } from './assignment'
import type { CommittedOffset, DriverAdmin, NewTopic, PartitionOffset, PartitionRange } from './driver'
import { membersOf } from './kafkajs-assigner'
import { Client, FEW_TRIES } from './kafkajs-client'
import type { ClientSettings } from './kafkajs-client'
import { streamerError, typeOf } from './kafkajs-errors'
import type { Concerned } from './kafkajs-errors'
import { committedOffset } from './kafkajs-offsets'

const CLOSE_MS = 2_000
const LOOK_AGAIN_MS = 50
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'])

/** What is asked besides records; connects at the first question. */
export class KafkajsAdmin implements DriverAdmin {
  private opened?: { readonly client: Client; readonly admin: Admin; readonly connected: Promise<void> }

  public constructor(private readonly settings: ClientSettings) {}

  public ping(): Promise<void> {
    return this.ask({}, async (admin) => void (await admin.describeCluster()))
  }

  public ranges(topic: string): Promise<PartitionRange[]> {
    return this.ask({ topic }, async (admin) => {
      const offsets = await admin.fetchTopicOffsets(topic)
      return offsets.map(({ partition, low, high }) => ({ partition, first: Number(low), end: Number(high) }))
    })
  }

  public offsetsAt(topic: string, time: Date): Promise<PartitionOffset[]> {
    return this.ask({ topic }, async (admin) =>
      (await admin.fetchTopicOffsetsByTimestamp(topic, time.getTime())).map(partitionOffset)
    )
  }

  public committed(groupId: string, topic: string): Promise<CommittedOffset[]> {
    return this.ask({ topic, groupId }, async (admin) => {
      // kafkajs asks for the partitions of which it knows, which may be too few; for all topics it asks for all partitions.
      const answers = await admin.fetchOffsets({ groupId })
      return answers.flatMap((answer) => (answer.topic === topic ? answer.partitions.flatMap(committedOffset) : []))
    })
  }

  public members(groupId: string): Promise<readonly Member[] | undefined> {
    return this.ask({ groupId }, async (admin) => {
      const { groups } = await admin.describeGroups([groupId])
      return groups.length === 0 ? [] : membersOf(groups[0])
    })
  }

  public create({ topic, partitions = -1, replicationFactor = -1, config }: NewTopic): Promise<boolean> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
    return this.ask({ topic }, async (admin) => {
      const topics = [{ topic, numPartitions: partitions, replicationFactor, configEntries }]
      const isNew = await admin.createTopics({ topics, waitForLeaders: false })
      await this.untilThere(admin, topic)
      return isNew
    })
  }

  public partitionCount(topic: string): Promise<number> {
    return this.ask({ topic }, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      return topics[0]?.partitions.length ?? 0
    })
  }

  public addPartitions(topic: string, count: number): Promise<void> {
    return this.ask({ topic }, async (admin) => {
      await admin.createPartitions({ topicPartitions: [{ topic, count }] })
    })
  }

  public forgetGroup(groupId: string): Promise<void> {
    return this.ask({ groupId }, async (admin) => void (await admin.deleteGroups([groupId])))
  }

  public async close(): Promise<void> {
    const { opened } = this
    this.opened = undefined
    if (!opened) return
    opened.client.abandon()
    await endsWithin(CLOSE_MS, opened.admin.disconnect())
  }

  private async ask<T>(concerned: Concerned, question: (admin: Admin) => Promise<T>): Promise<T> {
    const opened = (this.opened ??= this.open())
    try {
      await opened.connected
      return await question(opened.admin)
    } catch (thrown) {
      // What a broker has answered says nothing against the connection.
      if (this.opened === opened && typeOf(thrown) === undefined) void this.close()
      throw streamerError(thrown, concerned)
    }
  }

  /** A topic that was just made is not yet known to every broker, and its partitions have no leader. */
  private async untilThere(admin: Admin, topic: string): Promise<void> {
    const end = performance.now() + this.settings.requestTimeoutMs
    for (;;) {
      try {
        return void (await admin.fetchTopicMetadata({ topics: [topic] }))
      } catch (thrown) {
        if (!NOT_YET.has(typeOf(thrown) ?? '') || performance.now() > end) throw thrown
        await pause(LOOK_AGAIN_MS)
      }
    }
  }

  private open(): NonNullable<KafkajsAdmin['opened']> {
    const client = new Client(this.settings, FEW_TRIES)
    const admin = client.kafka.admin({ retry: FEW_TRIES })
    return { client, admin, connected: admin.connect() }
  }
}

function partitionOffset({ partition, offset }: { partition: number; offset: string }): PartitionOffset {
  return { partition, offset: Number(offset) }
}
