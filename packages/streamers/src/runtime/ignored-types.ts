import type { ExternalEvent, StreamerLogger } from '@boostercloud/streamer-connector'
import type { HandlerLink, Topology } from '../declare'
import { ignoredAt, ignoredInWords } from '../observe'
import type { IgnoredAt } from '../observe'
import { alikeTypes, typesOf } from '../receive'
import type { ReceiverObserver } from '../receive'
import { IGNORED_NAMES } from '../state'
import type { StateStore } from '../state'

/** How soon what was ignored first at an address is written, in milliseconds. */
const SOON_MS = 1_000
/** How long nothing is written of an address after that, in milliseconds. */
const EVERY_MS = 60_000
/** What a longer type is cut to, in UTF-16 code units. */
const LONGEST_TYPE = 200

interface Counted {
  /** Since the start. */
  events: number
  lastAt: number
  /** How many of them are in the state. */
  written: number
}

/**
 * The types of events that no handler of their address takes: logged once each, counted since the start, and added to the state from time to time,
 * so that commands beside the service can tell. Of each address `IGNORED_NAMES` types are known by name.
 */
export class IgnoredTypes implements Pick<ReceiverObserver, 'ignored'> {
  private readonly byAddress = new Map<string, Map<string | undefined, Counted>>()
  private readonly writtenAt = new Map<string, number>()
  private readonly timers = new Map<string, NodeJS.Timeout>()
  private readonly writing = new Map<string, Promise<void>>()
  private writesByItself = false

  public constructor(
    private readonly topology: Pick<Topology, 'received'>,
    private readonly state: StateStore,
    private readonly log: StreamerLogger
  ) {}

  public ignored(address: string, { metadata }: ExternalEvent): void {
    const counted = this.byAddress.get(address) ?? new Map<string | undefined, Counted>()
    this.byAddress.set(address, counted)
    const type = shortened(metadata?.type ?? '')
    const name = counted.has(type) || namedIn(counted) < IGNORED_NAMES ? type : undefined
    if (!counted.has(name)) this.sayFirst(address, name)
    const { events, written } = counted.get(name) ?? { events: 0, written: 0 }
    counted.set(name, { events: events + 1, lastAt: Date.now(), written })
    if (this.writesByItself) this.writeLater(address)
  }

  /** All that was counted since the start. */
  public report(): IgnoredAt[] {
    const counted = [...this.byAddress].flatMap(([address, types]) =>
      [...types].map(([type, { events, lastAt }]) => ({ address, type, events, lastAt }))
    )
    return ignoredAt(counted, this.links)
  }

  /** Says what was ignored before and still would be. From now on the state is written without being asked, until {@link stop}. */
  public async start(): Promise<void> {
    this.writesByItself = true
    for (const one of ignoredAt(await this.state.ignoredTypes(), this.links)) {
      const { address } = one
      this.log.info(`'${address}' has delivered events that no handler takes, by type: ${ignoredInWords(one)}.`, {
        address,
      })
    }
  }

  /** Writes what is due, for a process in which nothing runs by itself. Never rejects. */
  public async writeDue(): Promise<void> {
    const due = [...this.byAddress.keys()].filter((address) => this.dueIn(address) === 0)
    await Promise.all(due.map((address) => this.write(address)))
  }

  /** Writes all that is not written yet. Never rejects. */
  public async stop(): Promise<void> {
    this.writesByItself = false
    for (const timer of this.timers.values()) clearTimeout(timer)
    await Promise.all([...this.byAddress.keys()].map((address) => this.write(address)))
  }

  private get links(): HandlerLink[] {
    return [...this.topology.received.values()].flat()
  }

  private writeLater(address: string): void {
    if (this.timers.has(address)) return
    const write = (): void => {
      this.timers.delete(address)
      void this.write(address)
    }
    this.timers.set(address, setTimeout(write, Math.max(SOON_MS, this.dueIn(address))).unref())
  }

  private dueIn(address: string): number {
    const last = this.writtenAt.get(address)
    return last === undefined ? 0 : Math.max(0, last + EVERY_MS - performance.now())
  }

  /** After what is being written of the address: where that fails, it is written again. */
  private write(address: string): Promise<void> {
    const written = (this.writing.get(address) ?? Promise.resolve()).then(() => this.writeNow(address))
    this.writing.set(address, written)
    return written
  }

  private async writeNow(address: string): Promise<void> {
    const counted = [...(this.byAddress.get(address) ?? [])].filter(([, { events, written }]) => events > written)
    if (counted.length === 0) return
    this.writtenAt.set(address, performance.now())
    const ignored = counted.map(([type, { events, written, lastAt }]) => ({
      address,
      type,
      events: events - written,
      lastAt,
    }))
    const wrote = (sign: 1 | -1): void =>
      ignored.forEach(({ type, events }) => this.wrote(address, type, sign * events))
    wrote(1)
    try {
      await this.state.commit(ignored.map((one) => ({ do: 'count-ignored', ignored: one })))
    } catch (error) {
      wrote(-1)
      this.log.debug(`The ignored types of '${address}' could not be stored. Counting continues.`, { address }, error)
    }
  }

  private wrote(address: string, type: string | undefined, events: number): void {
    const one = this.byAddress.get(address)?.get(type)
    if (one) one.written += events
  }

  private sayFirst(address: string, type: string | undefined): void {
    if (type === undefined) {
      this.log.info(
        `More than ${IGNORED_NAMES} types that no handler takes arrive at '${address}'. Further ones are not named.`,
        { address }
      )
      return
    }
    const taken = (this.topology.received.get(address) ?? []).flatMap(typesOf)
    const what = `Events of type '${type}' arrive at '${address}' and are ignored: no handler there takes them.`
    const alike = taken.find((one) => alikeTypes(one, type))
    if (alike === undefined) this.log.info(what, { address, type })
    else {
      this.log.warn(
        `${what} One takes '${alike}'. If these are the same events, name the type in the option types of @EventHandler.`,
        { address, type }
      )
    }
  }
}

function shortened(type: string): string {
  return type.length > LONGEST_TYPE ? `${type.slice(0, LONGEST_TYPE)}…` : type
}

function namedIn(counted: ReadonlyMap<string | undefined, Counted>): number {
  return counted.size - (counted.has(undefined) ? 1 : 0)
}
