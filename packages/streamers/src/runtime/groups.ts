import { isDeclaring, isGroupOwning, isPolling, parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { Topology } from '../declare'
import type { StateStore } from '../state'
import { GroupLease } from './group-lease'

/** Milliseconds for which a group stays a state's whose processes have died. */
export const GROUP_LEASE_MS = 10_000

/** What the groups of a service need to know. */
export interface GroupsOptions {
  readonly topology: Topology
  readonly state: StateStore
  readonly member: string
  readonly log: StreamerLogger
  /** Milliseconds in which another state's service may end. */
  readonly waitMs: number
}

/**
 * A service's groups at the brokers: each is one state's at a time, where the broker can keep whose it is. A second state under the same name would
 * handle everything again, or would be given nothing.
 */
export class Groups {
  private readonly leases = new Map<string, GroupLease>()
  private readonly told = new Set<string>()

  public constructor(private readonly options: GroupsOptions) {}

  /** Owns the group at each streamer from which handlers are fed. Rejects with `GROUP_OWNED` where another state does, and goes on doing so. */
  public async begin(): Promise<void> {
    const { state, member, log, topology, waitMs } = this.options
    const { id: stateId } = await state.identity()
    const owner = { stateId, member, leaseMs: GROUP_LEASE_MS }
    for (const [streamerId, topics] of topicsReceived(topology)) {
      const connector = topology.streamers.get(streamerId)
      if (!isGroupOwning(connector) || !isPolling(connector)) continue
      const onBefore = (ids: readonly string[]): Promise<void> => this.follow(ids, streamerId)
      this.leases.set(streamerId, new GroupLease({ streamerId, connector, topics, owner, log, onBefore }))
    }
    await Promise.all([...this.leases.values()].map((lease) => lease.begin(waitMs)))
  }

  /** Resolves while the group at a streamer is owned, or nobody can own it. Rejects as `GroupLease.require` does. */
  public async require(streamerId: string): Promise<void> {
    await this.leases.get(streamerId)?.require()
  }

  /** Whether another state may not be given what was received from a streamer: its group is owned, or nobody can own it. */
  public isHeld(streamerId: string): boolean {
    return this.leases.get(streamerId)?.isHeld ?? true
  }

  /** Whether another state is known to have the group at a streamer. */
  public isLost(streamerId: string): boolean {
    return this.leases.get(streamerId)?.isLost ?? false
  }

  /** Gives all of them back. Never rejects. */
  public async end(): Promise<void> {
    await Promise.all([...this.leases.values()].map((lease) => lease.end()))
  }

  /** Remembers the states of which nothing was said yet, and says so once. */
  private async follow(ids: readonly string[], streamerId: string): Promise<void> {
    const fresh = ids.filter((id) => !this.told.has(id))
    if (fresh.length === 0) return
    const { state, log } = this.options
    const { takenFrom } = await state.identity()
    for (const id of fresh) {
      this.told.add(id)
      if (takenFrom.includes(id)) continue
      await state.noteIdentity([{ role: 'followed', id }])
      log.warn(
        `Under this name, the streaming state ${id} has read from '${streamerId}' before; this one is ${state.name}. What waits there is not tried ` +
          'again, and what it has handled may be handled again. Take it over: boost-streamers state import. Or leave it behind: ' +
          'boost-streamers state adopt.'
      )
    }
  }
}

/** By streamer, the topics that handlers are fed from. */
function topicsReceived({ received, streamers }: Topology): Map<string, string[]> {
  const topics = new Map<string, string[]>()
  for (const address of received.keys()) {
    const { streamerId, topic } = parseAddress(address)
    const connector = streamers.get(streamerId)
    const name = topic ?? (isDeclaring(connector) ? connector.capabilities.defaultTopic : undefined)
    if (name !== undefined) topics.set(streamerId, [...(topics.get(streamerId) ?? []), name])
  }
  return topics
}
