import { isDeclaring, isPolling, isPositioning, parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerConnectorPollingInterface } from '@boostercloud/streamer-connector'
import { receivingOptions } from '../declare'
import type { HandlerLink, StreamingOptions, Topology } from '../declare'
import type { Observation } from '../observe'
import type { Outbox } from '../publish'
import { InFlight, Receiver } from '../receive'
import type { StateStore } from '../state'
import { LeasedReceiver } from './leased-receiver'
import type { Receiving } from './leased-receiver'
import { logObserver } from './observer'
import type { Run, Service } from './service'

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
    private readonly observation: Observation,
    private readonly run: Run
  ) {}

  /**
   * The receivers of an address: one for the handlers that begin together, and one for each that says where it begins. Where replicas
   * share the state, and the position is kept in it, one of them reads at a time; where the broker keeps it, the broker shares the
   * topic among them.
   */
  public make(address: string, state: StateStore, outbox: Outbox): Receiving[] {
    const links = this.topology.received.get(address) ?? []
    const together = links.filter(({ startAt }) => startAt === undefined)
    const apart = links.filter(({ startAt }) => startAt !== undefined)
    return [...(together.length > 0 ? [together] : []), ...apart.map((link) => [link])].map((group) => {
      const connector = this.connectorOf(address)
      const make = (): Receiver => this.receiver(address, group, state, outbox)
      const isBrokers = isDeclaring(connector) && connector.facts.position === 'broker'
      if (!this.run.shared || isBrokers) return make()
      const name = `reader:${positionNameOf(group[0])}`
      return new LeasedReceiver({ name, state, owner: this.run.owner, leaseMs: LEASE_MS, log: this.service.log, make })
    })
  }

  private receiver(address: string, links: readonly HandlerLink[], state: StateStore, outbox: Outbox): Receiver {
    const connector = this.connectorOf(address)
    const { streamerId, topic } = parseAddress(address)
    const [{ startAt }] = links
    return new Receiver({
      address,
      connector,
      facts: isDeclaring(connector) ? connector.facts : undefined,
      links,
      positionName: positionNameOf(links[0]),
      startPosition:
        startAt === undefined || startAt === 'first' || !isPositioning(connector)
          ? undefined
          : () => connector.positionAt(topic, startAt),
      state,
      effects: this.observation.effects(this.service.effectsWith(outbox)),
      log: this.service.log,
      observe: this.observation.receivers(logObserver(this.service.log)),
      inFlight: this.inFlight,
      owner: this.run.shared ? this.run.owner : EMBEDDED_OWNER,
      claimMs: CLAIM_MS,
      concurrency: receivingOptions(this.options, streamerId).concurrency ?? DEFAULT_CONCURRENCY,
      maxUnsettled: MAX_UNSETTLED,
    })
  }

  private connectorOf(address: string): StreamerConnectorPollingInterface {
    const connector = this.topology.streamers.get(parseAddress(address).streamerId)
    if (!isPolling(connector)) throw new Error(`'${address}' cannot be polled, which the topology has checked.`)
    return connector
  }
}

/** Under what the position of a link is kept: a handler that says where it begins has one of its own. */
export function positionNameOf({ address, handler, startAt }: HandlerLink): string {
  return startAt === undefined ? address : `${address}#${handler}`
}
