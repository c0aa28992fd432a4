import { randomUUID } from 'node:crypto'
import { StreamerError, isDeclaring, isGroupOwning, isStreamerError, within } from '@boostercloud/streamer-connector'
import type { GroupOwner, GroupOwning, StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'

/** Milliseconds for which a group stays a lake's whose recorders have died. */
const LEASE_MS = 10_000
/** A broker that does not answer delays no start; milliseconds. */
const ANSWER_MS = 2_000

/** What a claim is about. */
export interface ClaimOptions {
  readonly streamer: string
  readonly connector: StreamerConnector
  readonly topics: readonly string[]
  /** The lake: its recorders share the group. */
  readonly lakeId: string
  readonly log: StreamerLogger
  /** Another lake has the group now. */
  readonly onLost: (reason: StreamerError) => void
}

/**
 * A recorder's group at one streamer. Where the broker keeps the position, two readers of different kinds under one group would each be given a part of the events: a
 * group is one lake's at a time, and no service's.
 */
export class GroupClaim {
  private readonly owner: GroupOwner
  private isHeld = false
  private timer?: NodeJS.Timeout

  private constructor(
    private readonly options: ClaimOptions,
    private readonly connector?: GroupOwning
  ) {
    this.owner = { stateId: options.lakeId, member: randomUUID(), leaseMs: LEASE_MS }
  }

  /** Rejects with `GROUP_OWNED` where somebody else reads as this group. Resolves also where the broker does not answer: then nothing is read until it does. */
  public static async begin(options: ClaimOptions): Promise<GroupClaim> {
    const { connector } = options
    const keeps = isDeclaring(connector) && connector.capabilities.position === 'broker' && isGroupOwning(connector)
    const claim = new GroupClaim(options, keeps ? connector : undefined)
    await claim.start()
    return claim
  }

  /** Resolves while the group is this lake's, or nobody can own it. Rejects as the broker does. */
  public async require(): Promise<void> {
    if (!this.isHeld) await this.ask()
  }

  /** Gives the group back. Never rejects. */
  public async end(): Promise<void> {
    clearInterval(this.timer)
    if (!this.isHeld) return
    const { topics, streamer, log } = this.options
    await this.connector?.leaveGroup(topics, this.owner).catch((error: unknown) => {
      log.warn(`The recorder's group at '${streamer}' could not be released. It expires by itself.`, error)
    })
  }

  private async start(): Promise<void> {
    if (this.connector === undefined) return
    const thrown = await within(
      ANSWER_MS,
      this.ask().catch((error: unknown) => error),
      () => undefined
    )
    if (isStreamerError(thrown, 'GROUP_OWNED')) throw thrown
    this.timer = setInterval(() => void this.renew(), LEASE_MS / 3)
    this.timer.unref()
  }

  private async renew(): Promise<void> {
    try {
      await this.ask()
    } catch (thrown) {
      if (!isStreamerError(thrown, 'GROUP_OWNED')) return
      this.isHeld = false
      this.options.onLost(thrown)
    }
  }

  private async ask(): Promise<void> {
    const { connector, owner } = this
    if (connector === undefined) return
    const { topics, streamer, lakeId, log } = this.options
    try {
      const { before } = await connector.ownGroup(topics, owner)
      const others = before.filter((id) => id !== lakeId)
      if (!this.isHeld && others.length > 0) {
        log.warn(
          `The recorder's group at '${streamer}' was read before by something else than this lake (${others.join(', ')}). This lake begins where that one has stopped.`
        )
      }
      this.isHeld = true
    } catch (thrown) {
      throw isStreamerError(thrown, 'GROUP_OWNED') ? notOurs(thrown, streamer) : thrown
    }
  }
}

function notOurs(cause: StreamerError, streamer: string): StreamerError {
  return new StreamerError(
    'GROUP_OWNED',
    `Somebody else reads from '${streamer}' as the recorder's group: another lake, or a service.`,
    {
      at: cause.at,
      hint: 'Recorders of one lake share its group. For a second lake of the same app, use another environment or another group in the options of the streamer.',
      retryable: true,
      cause,
    }
  )
}
