import { StreamerError } from '../streamer-error'

/**
 * Who reads as a group: a service's streaming state, and one process that runs on it.
 * @experimental
 */
export interface GroupOwner {
  /** The id of the state: the same in all processes that share it, another one in any other state. */
  readonly stateId: string
  /** Identifies this run of this process. */
  readonly member: string
  /** For how long the group is owned, beginning now; milliseconds. */
  readonly leaseMs: number
}

/**
 * What became known when a group was owned.
 * @experimental
 */
export interface GroupOwned {
  /**
   * The ids of other states under which the group has read these topics before, as far as the broker still knows. What they keep (parked events,
   * what was handled, positions) is not in this one.
   */
  readonly before: readonly string[]
}

/**
 * Keeps with the broker which streaming state the service's group belongs to. Two states under one group know nothing of each other: both handle
 * everything, or one of them gets nothing.
 *
 * Only services ask for it, at their start and then again and again within `leaseMs`. Other readers (a command, a replay, a backup) own
 * nothing and is refused nothing.
 * @experimental
 */
export interface GroupOwning {
  /**
   * Owns the group for these topics until `leaseMs` from now, or goes on owning it; together with other members of the same state. Rejects with
   * `GROUP_OWNED`, retryable, while a member of another state owns one of them; then nothing is changed.
   *
   * Where a broker knows a group by who reads, others are refused from when this member is one of them, which its first `poll` makes it.
   */
  ownGroup(topics: readonly string[], owner: GroupOwner): Promise<GroupOwned>
  /** This member owns nothing any more; the other members of its state do. The broker goes on knowing which state it was. */
  leaveGroup(topics: readonly string[], owner: GroupOwner): Promise<void>
}

/**
 * What is to be said of a group that another state owns.
 * @internal
 */
export interface OwnedBy {
  readonly group: string
  readonly topic?: string
  /** The id of the state that owns it, where the broker knows it. */
  readonly by?: string
  /** The connector's option that names another group, as a user writes it. */
  readonly option: string
}

/**
 * The error `GROUP_OWNED`, with what can be done about it.
 * @internal
 */
export function groupOwnedError({ group, topic, by, option }: OwnedBy): StreamerError {
  const state = by === undefined ? 'Another streaming state' : `The streaming state ${by}`
  return new StreamerError('GROUP_OWNED', `${state} already reads as the group '${group}', and is alive.`, {
    at: topic === undefined ? `group ${group}` : `topic ${topic}, group ${group}`,
    hint:
      'Replicas of one service need one shared state: config.streaming.state on PostgreSQL, or a provider with a shared state. ' +
      `A separate service needs another appName, or ${option}. To replace the other one, stop it first.`,
    retryable: true,
  })
}
