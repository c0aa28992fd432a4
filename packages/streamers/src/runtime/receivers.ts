import { isDeclaring, isPolling, isPositioning, parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerConnectorPollingInterface } from '@boostercloud/streamer-connector'
import { receivingOptions } from '../declare'
import type { HandlerLink, StreamingOptions, Topology } from '../declare'
import type { Observation } from '../observe'
import type { Outbox } from '../publish'
import { InFlight, PushReceiver, Receiver, RunGate, isTaken } from '../receive'
import type { PushReceiverOptions, ReceiverObserver } from '../receive'
import type { StateStore } from '../state'
import type { IgnoredTypes } from './ignored-types'
import { LeasedReceiver } from './leased-receiver'
import type { Receiving } from './leased-receiver'
import { logObserver } from './observer'
import type { Run, Service } from './service'

const DEFAULT_CONCURRENCY = 16
const MAX_UNSETTLED = 2_000
const CLAIM_MS = 30_000
const LEASE_MS = 10_000

/** What receivers are made of. */
export interface ReceiverMakerParts {
  readonly topology: Topology
  readonly options: StreamingOptions
  readonly service: Service
  readonly observation: Observation
  readonly run: Run
  readonly ignored: IgnoredTypes
}

/** Makes the receivers of a service. */
export class ReceiverMaker {
  private readonly inFlight = new InFlight()
  private readonly gate = new RunGate()

  public constructor(private readonly parts: ReceiverMakerParts) {}

  /**
   * The receivers of an address: one for the handlers that begin together, and one for each that says where it begins. Where replicas
   * share the state, and the position is kept in it, one of them reads at a time; where the broker keeps it, the broker shares the
   * topic among them.
   */
  public make(address: string, state: StateStore, outbox: Outbox, own?: Partial<ReceiverObserver>): Receiving[] {
    // Only a service whose functions are called may have it, and there is nothing to be polled.
    if (!isPolling(this.parts.topology.streamers.get(parseAddress(address).streamerId))) return []
    const links = this.parts.topology.received.get(address) ?? []
    const together = links.filter(({ startAt }) => startAt === undefined)
    const apart = links.filter(({ startAt }) => startAt !== undefined)
    return [...(together.length > 0 ? [together] : []), ...apart.map((link) => [link])].map((group, index) => {
      const connector = this.connectorOf(address)
      // Each of them reads the whole topic: one of them counts what none of them takes.
      const observe = this.observer(links, index === 0, own)
      const make = (): Receiver => this.receiver(address, group, state, outbox, observe)
      const isBrokers = isDeclaring(connector) && connector.capabilities.position === 'broker'
      if (!this.parts.run.shared || isBrokers) return make()
      const name = `reader:${positionNameOf(group[0])}`
      return new LeasedReceiver({
        name,
        state,
        owner: this.parts.run.owner,
        leaseMs: LEASE_MS,
        log: this.parts.service.log,
        make,
      })
    })
  }

  /** What takes the events of an address that are handed to this process. */
  public pushed(address: string, state: StateStore, outbox: Outbox): PushReceiver {
    const links = this.parts.topology.received.get(address) ?? []
    return new PushReceiver({ ...this.handingOut(address, links, state, outbox), observe: this.observer(links, true) })
  }

  private receiver(
    address: string,
    links: readonly HandlerLink[],
    state: StateStore,
    outbox: Outbox,
    observe: ReceiverObserver
  ): Receiver {
    const connector = this.connectorOf(address)
    const { streamerId, topic } = parseAddress(address)
    const [{ startAt }] = links
    const capabilities = isDeclaring(connector) ? connector.capabilities : undefined
    const { groups } = this.parts.run
    // What is parked is settled at a broker that keeps the position: nobody else is given it, also where nothing is heard of the broker.
    const isOthersToo = (): boolean =>
      capabilities?.position === 'receiver'
        ? groups?.isHeld(streamerId) === false
        : (groups?.isLost(streamerId) ?? false)
    return new Receiver({
      ...this.handingOut(address, links, state, outbox),
      connector,
      capabilities,
      positionName: positionNameOf(links[0]),
      mayPoll: async () => groups?.require(streamerId),
      isOurs: () => groups?.isHeld(streamerId) ?? true,
      mayTryAgain: () => !isOthersToo(),
      startPosition:
        startAt === undefined || startAt === 'first' || !isPositioning(connector)
          ? undefined
          : () => connector.positionAt(topic, startAt),
      observe,
      inFlight: this.inFlight,
      maxUnsettled: MAX_UNSETTLED,
    })
  }

  private handingOut(
    address: string,
    links: readonly HandlerLink[],
    state: StateStore,
    outbox: Outbox
  ): Omit<PushReceiverOptions, 'observe'> {
    const { log } = this.parts.service
    return {
      address,
      links,
      state,
      effects: this.parts.observation.effects(this.parts.service.effectsWith(outbox)),
      log,
      gate: this.gate,
      owner: this.parts.run.owner,
      // Only one process runs handlers on an embedded state: a claim of another is of an earlier run.
      sole: !this.parts.run.shared,
      claimMs: CLAIM_MS,
      concurrency:
        receivingOptions(this.parts.options, parseAddress(address).streamerId).concurrency ?? DEFAULT_CONCURRENCY,
    }
  }

  /** `links`: all of the address. */
  private observer(
    links: readonly HandlerLink[],
    countsIgnored: boolean,
    own: Partial<ReceiverObserver> = {}
  ): ReceiverObserver {
    const observer = this.parts.observation.receivers(logObserver(this.parts.service.log), this.parts.ignored, own)
    return {
      ...observer,
      ignored: (address, event) => {
        if (countsIgnored && !isTaken(event.metadata?.type, links)) observer.ignored(address, event)
      },
    }
  }

  private connectorOf(address: string): StreamerConnectorPollingInterface {
    const connector = this.parts.topology.streamers.get(parseAddress(address).streamerId)
    if (!isPolling(connector)) throw new Error(`'${address}' cannot be polled, which the topology has checked.`)
    return connector
  }
}

/** Under what the position of a link is kept: a handler that says where it begins has one of its own. */
export function positionNameOf({ address, handler, startAt }: HandlerLink): string {
  return startAt === undefined ? address : `${address}#${handler}`
}
