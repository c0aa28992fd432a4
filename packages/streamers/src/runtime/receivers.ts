import { isDeclaring, isPolling, isPositioning, parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerConnectorPollingInterface } from '@boostercloud/streamer-connector'
import { receivingOptions } from '../declare'
import type { HandlerLink, StreamingOptions, Topology } from '../declare'
import type { Observation } from '../observe'
import type { Outbox } from '../publish'
import { InFlight, PushReceiver, Receiver, RunGate } from '../receive'
import type { PushReceiverOptions, ReceiverObserver } from '../receive'
import type { StateStore } from '../state'
import { LeasedReceiver } from './leased-receiver'
import type { Receiving } from './leased-receiver'
import { logObserver } from './observer'
import type { Run, Service } from './service'

const DEFAULT_CONCURRENCY = 16
const MAX_UNSETTLED = 2_000
const CLAIM_MS = 30_000
const LEASE_MS = 10_000

/** Makes the receivers of a service. */
export class ReceiverMaker {
  private readonly inFlight = new InFlight()
  private readonly gate = new RunGate()

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
  public make(address: string, state: StateStore, outbox: Outbox, own?: Partial<ReceiverObserver>): Receiving[] {
    // Only a service whose functions are called may have it, and there is nothing to be polled.
    if (!isPolling(this.topology.streamers.get(parseAddress(address).streamerId))) return []
    const links = this.topology.received.get(address) ?? []
    const together = links.filter(({ startAt }) => startAt === undefined)
    const apart = links.filter(({ startAt }) => startAt !== undefined)
    return [...(together.length > 0 ? [together] : []), ...apart.map((link) => [link])].map((group) => {
      const connector = this.connectorOf(address)
      const make = (): Receiver => this.receiver(address, group, state, outbox, own)
      const isBrokers = isDeclaring(connector) && connector.capabilities.position === 'broker'
      if (!this.run.shared || isBrokers) return make()
      const name = `reader:${positionNameOf(group[0])}`
      return new LeasedReceiver({ name, state, owner: this.run.owner, leaseMs: LEASE_MS, log: this.service.log, make })
    })
  }

  /** What takes the events of an address that are handed to this process. */
  public pushed(address: string, state: StateStore, outbox: Outbox): PushReceiver {
    return new PushReceiver(this.handingOut(address, this.topology.received.get(address) ?? [], state, outbox))
  }

  private receiver(
    address: string,
    links: readonly HandlerLink[],
    state: StateStore,
    outbox: Outbox,
    own: Partial<ReceiverObserver> = {}
  ): Receiver {
    const connector = this.connectorOf(address)
    const { streamerId, topic } = parseAddress(address)
    const [{ startAt }] = links
    return new Receiver({
      ...this.handingOut(address, links, state, outbox),
      connector,
      capabilities: isDeclaring(connector) ? connector.capabilities : undefined,
      positionName: positionNameOf(links[0]),
      mayPoll: async () => this.run.groups?.require(streamerId),
      startPosition:
        startAt === undefined || startAt === 'first' || !isPositioning(connector)
          ? undefined
          : () => connector.positionAt(topic, startAt),
      observe: this.observation.receivers(logObserver(this.service.log), own),
      inFlight: this.inFlight,
      maxUnsettled: MAX_UNSETTLED,
    })
  }

  private handingOut(
    address: string,
    links: readonly HandlerLink[],
    state: StateStore,
    outbox: Outbox
  ): PushReceiverOptions {
    const { log } = this.service
    return {
      address,
      links,
      state,
      effects: this.observation.effects(this.service.effectsWith(outbox)),
      log,
      observe: this.observation.receivers(logObserver(log)),
      gate: this.gate,
      owner: this.run.owner,
      // Only one process runs handlers on an embedded state: a claim of another is of an earlier run.
      sole: !this.run.shared,
      claimMs: CLAIM_MS,
      concurrency: receivingOptions(this.options, parseAddress(address).streamerId).concurrency ?? DEFAULT_CONCURRENCY,
    }
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
