import type { StreamingOptions, Topology } from '../declare'
import { Observation } from '../observe'
import type { StreamingHealth } from '../observe'
import { Outbox, RecentEvents, withdraw } from '../publish'
import type { Relay, SlotLeases, StoredEvent, TimesIn } from '../publish'
import type { StateChange, StateStore } from '../state'
import type { TimerClock } from '../timers'
import { attachAll, closeAll } from './connectors'
import { Control } from './control'
import { endWithin } from './end-within'
import { GROUP_LEASE_MS, Groups } from './groups'
import { expireRegularly, retentionOf } from './expiry'
import { IgnoredTypes } from './ignored-types'
import { InvokedStreaming } from './invoked'
import type { Receiving } from './leased-receiver'
import { ownerName } from './owner'
import { ReceiverMaker } from './receivers'
import { RelayMaker } from './relays'
import type { DeletedEvent, Run, Service } from './service'
import { defaultStateFolder } from './embedded-provider'
import { requireOwnState } from './require-own-state'
import { StatePlace } from './state-of'
import { ServiceRecorder, assertRecordable } from './service-recorder'
import { startTimers } from './start-timers'
import { knownNames, warnOfLeftBehind } from './warn-left-behind'

const DEFAULT_DRAIN_MS = 10_000
/** Events kept in memory between the store and the broker; beyond, the relay reads the store. */
const RECENT_EVENTS = 10_000

interface OpenStreaming {
  readonly state: StateStore
  readonly recent: RecentEvents
  readonly outbox: Outbox
  readonly ignored: IgnoredTypes
}

/**
 * The streaming of one service: state, relays and receivers, started and stopped together. What only stores events (a script, a
 * command line tool) need not start it: its marks are found by the service.
 */
export class Streaming {
  private readonly owner = ownerName()
  private readonly relays = new Map<string, Relay>()
  private readonly slotLeases: SlotLeases[] = []
  private receivers: Receiving[] = []
  private opening?: Promise<OpenStreaming>
  private lock?: { release(): Promise<void> }
  private control?: Control
  private timers?: TimerClock
  private recorder?: ServiceRecorder
  private groups?: Groups
  private claiming?: Promise<void>
  private stopExpiry?: () => void
  private draining?: Promise<void>
  private whenInvoked?: Promise<InvokedStreaming>
  private observation?: Observation
  private readonly place: StatePlace

  public constructor(
    private readonly topology: Topology,
    private readonly options: StreamingOptions,
    private readonly service: Service
  ) {
    this.place = new StatePlace(options, service)
  }

  /** Whether events of a class are streamed. */
  public isPublished(typeName: string): boolean {
    return this.addressesOf(typeName).length > 0
  }

  /** Marks events as pending, stores them, and wakes the relays; `timers` go along. Resolves and rejects as `store` does. */
  public async store<T>(
    events: readonly StoredEvent[],
    store: () => Promise<T>,
    timesIn?: TimesIn<T>,
    timers: readonly StateChange[] = []
  ): Promise<T> {
    if (this.isPublishedFromStream && timers.length === 0) return store()
    const { outbox } = await this.open()
    return outbox.store(events, store, timesIn, timers)
  }

  /**
   * Deletes events that are streamed, by `remove`, and has none published that is still pending. What was published before is not called back, which
   * is logged. Resolves and rejects as `remove` does; rejects with a `STORAGE_…` error where marks cannot be removed: they are removed later, as
   * their events are not found.
   */
  public async delete(events: readonly DeletedEvent[], remove: () => Promise<void>): Promise<void> {
    const { state, recent } = await this.open()
    recent.forget(events.map(({ id }) => id))
    await remove()
    const late = await withdraw(
      state,
      events.map(({ id, typeName }) => ({ id, addresses: this.addressesOf(typeName) }))
    )
    for (const { id, address } of late) {
      this.service.log.warn(
        `Event ${id} is deleted. It was already published to '${address}', or '${address}' refuses it. Services that have received it keep it.`
      )
    }
  }

  /**
   * Takes the state for this process: `STORAGE_BUSY` if another one runs the same service on it, `STATE_ELSEWHERE` if what the service kept
   * before is in another one. Then takes its groups at the brokers: `GROUP_OWNED` if another state reads under its name, and has not ended within
   * `drainMs` and the time of a lease; everything is let go of then. A broker that does not answer delays this for 2 seconds at most.
   */
  public claimState(): Promise<void> {
    this.claiming ??= this.claim().catch((error: unknown) => {
      this.claiming = undefined
      throw error
    })
    return this.claiming
  }

  private async claim(): Promise<void> {
    const { lake } = this.options
    this.recorder ??= lake && new ServiceRecorder(lake, this.topology, this.service)
    this.lock ??= await this.place.lock()
    const { state } = await this.open()
    const defaultFolder = defaultStateFolder(this.service.environment)
    await requireOwnState({ state, folder: this.place.folder, defaultFolder })
    attachAll(this.topology.streamers, this.service, (await state.identity()).id)
    await this.claimGroups(state)
    await this.orDrain(() => this.recorder?.start())
  }

  /** Starts relays and receivers. Connections are made as they are needed. */
  public async start(): Promise<void> {
    const observation = (this.observation ??= await Observation.of(this.options.observe))
    await this.claimState()
    const open = await this.open()
    const { log } = this.service
    await warnOfLeftBehind(open.state, this.topology, { log, withPositions: !this.place.provider.forgetsByItself })
    await open.ignored.start()
    await observation.start(this.sources(open), log)
    if (!this.isPublishedFromStream) await this.startRelays(open, observation)
    await this.startReceivers(open, observation)
    this.timers = startTimers(open, this.service, this.run)
    this.control = new Control(open.state, this.place.provider.shared, () => this.refresh(), log)
    this.control.start()
    if (!this.place.provider.forgetsByItself) {
      this.stopExpiry = expireRegularly(open.state, retentionOf(this.options), log)
    }
  }

  /** For a process that runs only while it is called: nothing is started, and each call is asked for by itself. */
  public invoked(): Promise<InvokedStreaming> {
    this.whenInvoked ??= this.openInvoked().catch((error: unknown) => {
      this.whenInvoked = undefined
      throw error
    })
    return this.whenInvoked
  }

  /** How long handlers may take to end; milliseconds. */
  public get drainMs(): number {
    return this.options.drainMs ?? DEFAULT_DRAIN_MS
  }

  /** Stops polling, lets running handlers and batches finish within the limit, acknowledges, and closes everything. */
  public drain(): Promise<void> {
    this.draining ??= this.stop()
    return this.draining
  }

  /** How streaming is; undefined before it is started and after it is drained. Never rejects. */
  public async health(): Promise<StreamingHealth | undefined> {
    return this.observation?.health()
  }

  private async openInvoked(): Promise<InvokedStreaming> {
    const { topology, options, service, run } = this
    assertRecordable(options)
    const observation = (this.observation ??= await Observation.of(options.observe))
    const open = await this.open()
    attachAll(topology.streamers, service)
    return new InvokedStreaming({ topology, options, service, observation, run, ...open })
  }

  private async claimGroups(state: StateStore): Promise<void> {
    const { topology, owner: member } = this
    const waitMs = this.drainMs + GROUP_LEASE_MS
    this.groups = new Groups({ topology, state, member, log: this.service.log, waitMs })
    await this.orDrain(() => this.groups?.begin())
  }

  /** Lets go of everything where something that a start needs fails. */
  private async orDrain(work: () => Promise<void> | undefined): Promise<void> {
    try {
      await work()
    } catch (error) {
      await this.drain()
      throw error
    }
  }

  private get isPublishedFromStream(): boolean {
    return this.place.provider.publishedFromStream ?? false
  }

  private sources({ state, ignored }: OpenStreaming): Parameters<Observation['start']>[0] {
    return {
      state,
      ignored: () => ignored.report(),
      recordings: () => this.recorder?.health() ?? Promise.resolve([]),
      streamers: this.topology.streamers,
      receivers: () => this.receivers.flatMap((receiver) => receiver.report() ?? []),
      relays: () => [...this.relays.values()].map((relay) => relay.report()),
      known: knownNames(this.topology),
    }
  }

  private async startRelays({ state, recent, outbox }: OpenStreaming, observation: Observation): Promise<void> {
    const maker = new RelayMaker(this.topology, this.service, observation, this.run)
    for (const address of await maker.addresses(state)) {
      const { relay, leases } = maker.make(address, state, recent, outbox)
      this.relays.set(address, relay)
      if (leases) this.slotLeases.push(leases)
      relay.start()
    }
  }

  private async startReceivers({ state, outbox, ignored }: OpenStreaming, observation: Observation): Promise<void> {
    const { topology, options, service, run } = this
    const maker = new ReceiverMaker({ topology, options, service, observation, run, ignored })
    this.receivers = [...this.topology.received.keys()].flatMap((address) => maker.make(address, state, outbox))
    await Promise.all(this.receivers.map((receiver) => receiver.start()))
  }

  private async refresh(): Promise<void> {
    for (const relay of this.relays.values()) relay.wake()
    await Promise.all(this.receivers.map((receiver) => receiver.refresh()))
  }

  private async stop(): Promise<void> {
    this.stopExpiry?.()
    await this.control?.stop()
    const working = Promise.all([
      this.timers?.stop(),
      ...this.receivers.map((receiver) => receiver.stop()),
      ...[...this.relays.values()].map((relay) => relay.stop()),
    ])
    const { drainMs, receivers } = this
    const { log } = this.service
    await endWithin({ drainMs, log, working, receivers, recorded: this.recorder?.stop() }).finally(() => this.letGo())
  }

  private async letGo(): Promise<void> {
    const { log } = this.service
    await this.observation?.stop()
    await this.groups?.end()
    for (const leases of this.slotLeases) {
      await leases.release().catch((error: unknown) => log.warn('Leases could not be released. They expire.', error))
    }
    await closeAll(this.topology.streamers, log)
    const open = await this.opening
    await open?.ignored.stop()
    await open?.state.close()
    await this.lock?.release()
  }

  private open(): Promise<OpenStreaming> {
    this.opening ??= this.openState().catch((error: unknown) => {
      this.opening = undefined
      throw error
    })
    return this.opening
  }

  private async openState(): Promise<OpenStreaming> {
    const state = await this.place.open()
    const recent = new RecentEvents(this.service.events, RECENT_EVENTS)
    const outbox = new Outbox({
      state,
      owner: this.owner,
      // What the store's stream tells of is published from there.
      addressesOf: (typeName) => (this.isPublishedFromStream ? [] : this.addressesOf(typeName)),
      wake: (addresses, events) => {
        if (this.relays.size === 0) return
        recent.add(events)
        for (const address of addresses) this.relays.get(address)?.wake()
      },
      now: Date.now,
      timerSet: (dueAt) => this.timers?.told(dueAt),
    })
    return { state, recent, outbox, ignored: new IgnoredTypes(this.topology, state, this.service.log) }
  }

  private get run(): Run {
    const { owner, groups } = this
    return { shared: this.place.provider.shared, owner, groups }
  }

  private addressesOf(typeName: string): readonly string[] {
    return this.topology.published.get(typeName) ?? []
  }
}
