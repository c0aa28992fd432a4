import { join } from 'node:path'
import { isAttachable, isClosable, isDeclaring, isPolling, parseAddress } from '@boostercloud/streamer-connector'
import { lockExclusively } from '@boostercloud/streamer-sqlite'
import { receivingOptions } from '../declare'
import type { StreamingOptions, Topology } from '../declare'
import { Outbox, RecentEvents, Relay } from '../publish'
import type { Absence, StoredEvent } from '../publish'
import { InFlight, Receiver } from '../receive'
import { openEmbeddedState } from '../state'
import type { PendingMark, StateStore } from '../state'
import { logObserver } from './observer'
import { isGone, ownerName } from './owner'
import type { Service } from './service'

const DAY_MS = 24 * 60 * 60 * 1000
const DEFAULTS = { drainMs: 10_000, inboxRetentionMs: 14 * DAY_MS, concurrency: 16 }
/** Events kept in memory between the store and the broker; beyond, the relay reads the store. */
const RECENT_EVENTS = 10_000
const RELAY_BATCH = 500
const RELAY_BACKOFF = { firstDelayMs: 200, factor: 2, maxDelayMs: 30_000, jitter: 0.2 }
/** Milliseconds that the event of a mark may take to appear in the store while its owner may be alive. */
const ORPHAN_AFTER_MS = 60_000
const MAX_UNSETTLED = 2_000
const CLAIM_MS = 30_000
const EXPIRY_EVERY_MS = 60 * 60 * 1000
/** Only one process runs handlers on an embedded state, so a claim of an earlier run is its own. */
const EMBEDDED_OWNER = 'embedded'

/** Where the state is kept unless the options say otherwise. */
export function defaultStateFolder(environment: string): string {
  return join(process.cwd(), '.booster', 'streamers', environment)
}

/**
 * The streaming of one service: state, relays and receivers, started and stopped together. What only stores events (a script, a
 * command line tool) need not start it: its marks are found by the service.
 */
export class Streaming {
  private readonly owner = ownerName()
  private readonly relays = new Map<string, Relay>()
  private readonly inFlight = new InFlight()
  private receivers: Receiver[] = []
  private opening?: Promise<OpenStreaming>
  private lock?: { release(): Promise<void> }
  private expiry?: NodeJS.Timeout
  private draining?: Promise<void>

  public constructor(
    private readonly topology: Topology,
    private readonly options: StreamingOptions,
    private readonly service: Service
  ) {}

  /** Whether events of a class are streamed. */
  public isPublished(typeName: string): boolean {
    return this.addressesOf(typeName).length > 0
  }

  /** Marks events as pending, stores them, and wakes the relays. Resolves and rejects as `store` does. */
  public async store<T>(events: readonly StoredEvent[], store: () => Promise<T>): Promise<T> {
    const { outbox } = await this.open()
    return outbox.store(events, store)
  }

  /** Takes the state for this process: `STORAGE_BUSY` if another one runs the same service on it. Nothing connects yet. */
  public async claimState(): Promise<void> {
    this.lock ??= await lockExclusively(join(this.stateFolder, 'service.lock'), { holder: this.service.appName })
    await this.open()
  }

  /** Starts relays and receivers. Connections are made as they are needed. */
  public async start(): Promise<void> {
    await this.claimState()
    const { state, recent, outbox } = await this.open()
    const { appName, environment } = this.service
    for (const [streamerId, connector] of this.topology.streamers) {
      if (isAttachable(connector)) connector.attach({ streamerId, appName, environment, logger: this.service.log })
    }
    for (const address of await this.publishedAddresses(state)) this.relay(address, state, recent, outbox).start()
    this.receivers = [...this.topology.received.keys()].map((address) => this.receiver(address, state, outbox))
    await Promise.all(this.receivers.map((receiver) => receiver.start()))
    this.expiry = setInterval(() => this.expire(state), EXPIRY_EVERY_MS)
    this.expiry.unref()
    this.expire(state)
  }

  /** Stops polling, lets running handlers and batches finish within the limit, acknowledges, and closes everything. */
  public drain(): Promise<void> {
    this.draining ??= this.stop()
    return this.draining
  }

  private async stop(): Promise<void> {
    clearInterval(this.expiry)
    const working = Promise.all([
      ...this.receivers.map((receiver) => receiver.stop()),
      ...[...this.relays.values()].map((relay) => relay.stop()),
    ])
    const drainMs = this.options.drainMs ?? DEFAULTS.drainMs
    if (!(await finishesWithin(working, drainMs))) {
      this.service.log.warn(`Handlers still run after ${drainMs} ms; their events are left unsettled and come again.`)
    }
    for (const [streamerId, connector] of this.topology.streamers) {
      if (!isClosable(connector)) continue
      await connector.close().catch((error: unknown) => this.service.log.warn(`Closing '${streamerId}' failed.`, error))
    }
    if (this.opening) await (await this.opening).state.close()
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
    const state = await openEmbeddedState(this.stateFolder)
    const recent = new RecentEvents(this.service.events, RECENT_EVENTS)
    const outbox = new Outbox({
      state,
      owner: this.owner,
      addressesOf: (typeName) => this.addressesOf(typeName),
      wake: (addresses, events) => {
        if (this.relays.size === 0) return
        recent.add(events)
        for (const address of addresses) this.relays.get(address)?.wake()
      },
      now: Date.now,
    })
    return { state, recent, outbox }
  }

  private relay(address: string, state: StateStore, recent: RecentEvents, outbox: Outbox): Relay {
    const relay = new Relay({
      address,
      connector: this.connectorOf(address),
      state,
      events: recent,
      source: this.service.appName,
      absenceOf: (mark) => this.absenceOf(mark, outbox),
      log: this.service.log,
      batch: RELAY_BATCH,
      backoff: RELAY_BACKOFF,
    })
    this.relays.set(address, relay)
    return relay
  }

  private receiver(address: string, state: StateStore, outbox: Outbox): Receiver {
    const connector = this.connectorOf(address)
    if (!isPolling(connector)) throw new Error(`'${address}' cannot be polled, which the topology has checked.`)
    const { streamerId } = parseAddress(address)
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
      owner: EMBEDDED_OWNER,
      claimMs: CLAIM_MS,
      concurrency: receivingOptions(this.options, streamerId).concurrency ?? DEFAULTS.concurrency,
      maxUnsettled: MAX_UNSETTLED,
    })
  }

  /** Those that the code names, and those that still have something pending from when it named them. */
  private async publishedAddresses(state: StateStore): Promise<string[]> {
    const declared = new Set([...this.topology.published.values()].flat())
    for (const address of await state.pendingAddresses()) {
      if (this.topology.streamers.has(parseAddress(address).streamerId)) declared.add(address)
      else
        this.service.log.warn(
          `Events are pending for '${address}', whose streamer is no longer configured; they are kept.`
        )
    }
    return [...declared]
  }

  private absenceOf(mark: PendingMark, outbox: Outbox): Absence {
    if (outbox.isStoring(mark.id)) return 'waiting'
    if (mark.owner !== this.owner && isGone(mark.owner)) return 'orphaned'
    return Date.now() - mark.markedAt < ORPHAN_AFTER_MS ? 'waiting' : 'orphaned'
  }

  private expire(state: StateStore): void {
    const before = Date.now() - (this.options.inboxRetentionMs ?? DEFAULTS.inboxRetentionMs)
    state.expireInbox(before).catch((error: unknown) => this.service.log.warn('The inbox could not be expired.', error))
  }

  private connectorOf(address: string): NonNullable<ReturnType<Topology['streamers']['get']>> {
    const connector = this.topology.streamers.get(parseAddress(address).streamerId)
    if (!connector) throw new Error(`'${address}' has no streamer, which the topology has checked.`)
    return connector
  }

  private addressesOf(typeName: string): readonly string[] {
    return this.topology.published.get(typeName) ?? []
  }

  private get stateFolder(): string {
    return this.options.stateFolder ?? defaultStateFolder(this.service.environment)
  }
}

interface OpenStreaming {
  readonly state: StateStore
  readonly recent: RecentEvents
  readonly outbox: Outbox
}

async function finishesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)))
  const finished = work.then(() => true as const)
  return Promise.race([finished, limit]).finally(() => clearTimeout(timer))
}
