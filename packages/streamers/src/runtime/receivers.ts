import { isDeclaring, isPolling, parseAddress } from '@boostercloud/streamer-connector'
import { receivingOptions } from '../declare'
import type { StreamingOptions, Topology } from '../declare'
import type { Outbox } from '../publish'
import { InFlight, Receiver } from '../receive'
import type { StateStore } from '../state'
import { LeasedReceiver } from './leased-receiver'
import type { Receiving } from './leased-receiver'
import { logObserver } from './observer'
import type { Service } from './service'

const DEFAULT_CONCURRENCY = 16
const MAX_UNSETTLED = 2_000
const CLAIM_MS = 30_000
const LEASE_MS = 10_000
/** Only one process runs handlers on an embedded state, so a claim of an earlier run is its own. */
const EMBEDDED_OWNER = 'embedded'

/** Makes the receivers of a service. */
export class ReceiverMaker {
  private readonly inFlight = new InFlight()

  public constructor(
    private readonly topology: Topology,
    private readonly options: StreamingOptions,
    private readonly service: Service,
    private readonly shared: boolean,
    private readonly owner: string
  ) {}

  /**
   * The receiver of an address. Where replicas share the state, and the position is kept in it, one of them reads at a time; where the
   * broker keeps it, the broker shares the topic among them.
   */
  public make(address: string, state: StateStore, outbox: Outbox): Receiving {
    const connector = this.topology.streamers.get(parseAddress(address).streamerId)
    const isBrokers = isDeclaring(connector) && connector.facts.position === 'broker'
    if (!this.shared || isBrokers) return this.receiver(address, state, outbox)
    return new LeasedReceiver({
      name: `reader:${address}`,
      state,
      owner: this.owner,
      leaseMs: LEASE_MS,
      log: this.service.log,
      make: () => this.receiver(address, state, outbox),
    })
  }

  private receiver(address: string, state: StateStore, outbox: Outbox): Receiver {
    const { streamerId } = parseAddress(address)
    const connector = this.topology.streamers.get(streamerId)
    if (!isPolling(connector)) throw new Error(`'${address}' cannot be polled, which the topology has checked.`)
    return new Receiver({
      address,
      connector,
      facts: isDeclaring(connector) ? connector.facts : undefined,
      links: this.topology.received.get(address) ?? [],
      state,
      effects: this.service.effectsWith(outbox),
      log: this.service.log,
      observe: logObserver(this.service.log),
      inFlight: this.inFlight,
      owner: this.shared ? this.owner : EMBEDDED_OWNER,
      claimMs: CLAIM_MS,
      concurrency: receivingOptions(this.options, streamerId).concurrency ?? DEFAULT_CONCURRENCY,
      maxUnsettled: MAX_UNSETTLED,
    })
  }
}
