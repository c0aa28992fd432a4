import type { StreamerConnector, StreamerError, StreamerLogger } from '@boostercloud/streamer-connector'
import { closeOwn } from '../close-own'
import type { RecordedAddress } from '../recorded-address'
import { GroupClaim } from './group-claim'

/** What claims are for. */
export interface ClaimsOptions {
  readonly addresses: readonly RecordedAddress[]
  readonly lakeId: string
  readonly log: StreamerLogger
  readonly onLost: (reason: StreamerError) => void
}

/** A recorder's groups, one at each streamer, and the streamers that it has made. */
export class GroupClaims {
  private readonly claims = new Map<StreamerConnector, GroupClaim>()

  public constructor(private readonly options: ClaimsOptions) {}

  /** Rejects with `GROUP_OWNED` where another lake or a service has one of the groups; then everything is let go of. */
  public async begin(): Promise<void> {
    const { addresses, ...about } = this.options
    try {
      for (const { streamer, connector } of addresses) {
        if (this.claims.has(connector)) continue
        const topics = addresses.flatMap((one) => (one.connector === connector && one.topic) || [])
        this.claims.set(connector, await GroupClaim.begin({ ...about, streamer, connector, topics }))
      }
    } catch (thrown) {
      await this.end()
      throw thrown
    }
  }

  /** Resolves while the group at a streamer is the lake's, or nobody can own it. Rejects as the broker does. */
  public async require(connector: StreamerConnector): Promise<void> {
    await this.claims.get(connector)?.require()
  }

  /** Gives the groups back, and closes the streamers that the recorder has made. Never rejects. */
  public async end(): Promise<void> {
    const { addresses, log } = this.options
    for (const claim of this.claims.values()) await claim.end()
    await closeOwn(addresses, log)
  }
}
