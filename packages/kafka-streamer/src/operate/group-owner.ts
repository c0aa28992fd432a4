import { setTimeout as pause } from 'node:timers/promises'
import { StreamerError, groupOwnedError } from '@boostercloud/streamer-connector'
import type { GroupOwned, GroupOwner } from '@boostercloud/streamer-connector'
import { ownerOf } from '../client'
import type { DriverAdmin, Member } from '../client'

/** What is asked of the brokers, and who is told. */
export interface GroupOwnershipOptions {
  readonly admin: Pick<DriverAdmin, 'members' | 'committed'>
  readonly groupId: string
  /** Another state owns the group: what is read of these topics is to be let go of. */
  readonly onLost: (topics: readonly string[]) => Promise<void>
}

const LOOK_AGAIN_MS = 50

/**
 * Whose a group is, as its members say: each names its streaming state when it joins, and the brokers drop a member that gives no sign for
 * `consumer.sessionTimeoutMs`. Whose it was is noted beside the committed offsets.
 */
export class GroupOwnership {
  /** The state that this process reads for; undefined before it owns the group, and when it does not any more. */
  public stateId?: string
  private refused?: StreamerError
  /** By topic, the states whose notes were found before this one wrote its own; asked again once another state owned the group. */
  private readonly before = new Map<string, readonly string[]>()

  public constructor(private readonly options: GroupOwnershipOptions) {}

  /** Rejects with `GROUP_OWNED`, and with `STREAMER_UNAVAILABLE` while the group changes or the brokers do not answer. */
  public async own(topics: readonly string[], { stateId, leaseMs }: GroupOwner): Promise<GroupOwned> {
    const { groupId, onLost } = this.options
    const members = await this.members(leaseMs / 2)
    for (const topic of topics) {
      const by = ownerOf(topic, members)
      if (by === undefined || by === stateId) continue
      this.stateId = undefined
      this.before.clear()
      this.refused = groupOwnedError({
        group: groupId,
        topic,
        by,
        option: 'KafkaStreamer.with({ consumer: { groupId } })',
      })
      await onLost(topics)
      throw this.refused
    }
    const found = new Set((await Promise.all(topics.map((topic) => this.statesBefore(topic)))).flat())
    this.refused = undefined
    this.stateId = stateId
    return { before: [...found].filter((id) => id !== stateId) }
  }

  /** This process reads for no state any more. */
  public end(): void {
    this.stateId = undefined
  }

  /** Throws `GROUP_OWNED` from when it was refused until it owns the group again. */
  public assertNotRefused(): void {
    if (this.refused) throw this.refused
  }

  private async statesBefore(topic: string): Promise<readonly string[]> {
    const known = this.before.get(topic)
    if (known) return known
    const committed = await this.options.admin.committed(this.options.groupId, topic)
    const found = committed.flatMap(({ note }) => note.stateId ?? [])
    this.before.set(topic, found)
    return found
  }

  private async members(limitMs: number): Promise<readonly Member[]> {
    const { admin, groupId } = this.options
    const end = performance.now() + limitMs
    for (;;) {
      const members = await admin.members(groupId)
      if (members) return members
      if (performance.now() > end) throw changing(groupId)
      await pause(LOOK_AGAIN_MS)
    }
  }
}

function changing(groupId: string): StreamerError {
  return new StreamerError(
    'STREAMER_UNAVAILABLE',
    'The owner of the consumer group cannot be determined while its members change.',
    {
      at: `group ${groupId}`,
      hint: 'Wait. The service asks again.',
      retryable: true,
    }
  )
}
