import { parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import type { Topology } from '../declare'
import type { Observation } from '../observe'
import { Absences, Feed, Relay, SlotLeases } from '../publish'
import type { Absence, Outbox, RecentEvents } from '../publish'
import type { PendingMark, StateStore } from '../state'
import { isGone } from './owner'
import type { Run, Service } from './service'

/** Events sent at once: so few that commands of the same process get their turn in between. */
const BATCH = 64
const BACKOFF = { firstDelayMs: 200, factor: 2, maxDelayMs: 30_000, jitter: 0.2 }
/** Milliseconds that the event of a mark may take to appear in the store while its owner may be alive. */
const ORPHAN_AFTER_MS = 60_000
const LEASE_MS = 10_000
/** A relay alone on its state is woken by whoever stores; with others, what they store must be looked for. Milliseconds. */
const IDLE_MS = { alone: 30_000, shared: 200 }

/** Makes the relays of a service. */
export class RelayMaker {
  private readonly absences = new Absences(ORPHAN_AFTER_MS)

  public constructor(
    private readonly topology: Topology,
    private readonly service: Service,
    private readonly observation: Observation,
    private readonly run: Run
  ) {}

  /** The addresses that the code names, and those that still have something pending from when it named them. */
  public async addresses(state: StateStore): Promise<string[]> {
    const declared = new Set([...this.topology.published.values()].flat())
    for (const address of await state.pendingAddresses()) {
      if (this.topology.streamers.has(parseAddress(address).streamerId)) declared.add(address)
      else
        this.service.log.warn(
          `Events are pending for '${address}', but this service no longer publishes to its streamer. They are kept and not sent. Restore the streamer, or move them to another address: boost-streamers links rename --address '${address}' NEW.`
        )
    }
    return [...declared]
  }

  /** The relay of an address, and the leases that it shares the address by. */
  public make(
    address: string,
    state: StateStore,
    recent: RecentEvents,
    outbox: Outbox
  ): { readonly relay: Relay; readonly leases?: SlotLeases } {
    const connector = this.connectorOf(address)
    const leases = this.run.shared
      ? new SlotLeases({ state, address, owner: this.run.owner, leaseMs: LEASE_MS, now: Date.now })
      : undefined
    const relay = new Relay({
      address,
      connector,
      state,
      events: recent,
      source: this.service.appName,
      absenceOf: (mark) => this.absenceOf(mark, outbox),
      log: this.service.log,
      observe: this.observation.relays,
      slots: leases && (() => leases.current()),
      idleMs: this.run.shared ? IDLE_MS.shared : IDLE_MS.alone,
      batch: BATCH,
      backoff: BACKOFF,
    })
    return { relay, leases }
  }

  /** What publishes the events of an address as the store's own stream tells of them; `limitMs`: how long the broker may take. */
  public feed(address: string, state: StateStore, limitMs: number): Feed {
    const { log, appName } = this.service
    const observe = this.observation.relays
    return new Feed({
      address,
      connector: this.connectorOf(address),
      state,
      source: appName,
      owner: this.run.owner,
      limitMs,
      log,
      observe,
    })
  }

  private connectorOf(address: string): StreamerConnector {
    const connector = this.topology.streamers.get(parseAddress(address).streamerId)
    if (!connector) throw new Error(`'${address}' has no streamer, which the topology has checked.`)
    return connector
  }

  private absenceOf(mark: PendingMark, outbox: Outbox): Absence {
    if (outbox.isStoring(mark.id)) return 'waiting'
    if (mark.owner !== this.run.owner && isGone(mark.owner)) return 'orphaned'
    // A process that runs only while it is called does not see for how long the event is missed.
    const isCalled = this.run.groups === undefined
    const isOver = isCalled ? Date.now() - mark.markedAt >= ORPHAN_AFTER_MS : this.absences.isOver(mark)
    return isOver ? 'orphaned' : 'waiting'
  }
}
