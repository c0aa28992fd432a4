import { isPushed, parseAddress } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerConnector } from '@boostercloud/streamer-connector'
import type { StreamingOptions, Topology } from '../declare'
import type { Observation } from '../observe'
import type { Outbox, RecentEvents, StoredEvent } from '../publish'
import type { PushReceiver } from '../receive'
import type { StateStore } from '../state'
import { Firing } from '../timers'
import type { IgnoredTypes } from './ignored-types'
import { ReceiverMaker } from './receivers'
import { RelayMaker } from './relays'
import type { Run, Service } from './service'

/** What is open in a process that is called. */
export interface InvokedStreamingParts {
  readonly topology: Topology
  readonly options: StreamingOptions
  readonly service: Service
  readonly observation: Observation
  readonly run: Run
  readonly state: StateStore
  readonly recent: RecentEvents
  readonly outbox: Outbox
  readonly ignored: IgnoredTypes
}

/** Polls that bring nothing, one after the other, after which a topic counts as drained: the first one may only have found its reader a place. */
const EMPTY_POLLS = 2

/**
 * The streaming of a service in a process that runs only while it is called, as a cloud's function. Each call does one thing and ends when
 * that is done, or when its signal says that its time is over; nothing runs between two calls.
 * @internal
 */
export class InvokedStreaming {
  private readonly receivers: ReceiverMaker
  private readonly relays: RelayMaker
  private readonly pushed = new Map<string, PushReceiver>()
  private firing?: Firing

  public constructor(private readonly parts: InvokedStreamingParts) {
    const { topology, service, observation, run } = parts
    this.receivers = new ReceiverMaker(parts)
    this.relays = new RelayMaker(topology, service, observation, run)
  }

  /** The connector of an address, if a function's input can be read by it. */
  public pushedBy(address: string): (StreamerConnector & { transformEvents: TransformEvents }) | undefined {
    const connector = this.parts.topology.streamers.get(parseAddress(address).streamerId)
    return isPushed(connector) ? connector : undefined
  }

  /** Hands events of an address to their handlers. Resolves with those of which nothing durable says yet what became of them. */
  public async receive(
    address: string,
    events: readonly ExternalEvent[],
    signal: AbortSignal
  ): Promise<ExternalEvent[]> {
    const unsettled = await this.receiverOf(address).receive(events, signal)
    await this.parts.ignored.writeDue()
    return unsettled
  }

  /** Tries again what is parked and due, at every address. Rejects where the state fails. */
  public async retryParked(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.parts.topology.received.keys()].map((address) => this.receiverOf(address).retry(signal)))
  }

  /** Fires timers that are due. Rejects where the state fails. */
  public async fireTimers(signal: AbortSignal): Promise<void> {
    const { state, service, outbox, run } = this.parts
    this.firing ??= new Firing({
      state,
      effects: service.timersWith(outbox),
      owner: run.owner,
      sole: false,
      log: service.log,
    })
    await state.correctTimers(Date.now())
    await this.firing.fireDue(signal)
  }

  /**
   * Publishes what the event store tells of, in the order told. Resolves when each event is confirmed, refused, or pending; what the broker
   * has not taken within `limitMs` is pending. Rejects where the state fails.
   */
  public async publishStored(events: readonly StoredEvent[], limitMs: number): Promise<void> {
    const { published } = this.parts.topology
    const byAddress = new Map<string, StoredEvent[]>()
    for (const event of events) {
      for (const address of published.get(event.typeName) ?? []) {
        byAddress.set(address, [...(byAddress.get(address) ?? []), event])
      }
    }
    await Promise.all(
      [...byAddress].map(([address, some]) => this.relays.feed(address, this.parts.state, limitMs).publish(some))
    )
  }

  /** Publishes what is pending. Resolves also where a broker does not take it: then it stays pending. */
  public async publishPending(signal: AbortSignal): Promise<void> {
    const { state, recent, outbox, service } = this.parts
    const addresses = await this.relays.addresses(state)
    await Promise.all(
      addresses.map(async (address) => {
        const { relay, leases } = this.relays.make(address, state, recent, outbox)
        await relay.sweep(signal).catch((error: unknown) => {
          service.log.warn(`Publishing to '${address}' failed. Pending events are kept.`, error)
        })
        await leases?.release()
      })
    )
  }

  /** Polls an address until nothing more comes and everything that came is settled. */
  public async pollUntilDrained(address: string, signal: AbortSignal): Promise<void> {
    const { state, outbox } = this.parts
    let empty = 0
    let drained = (): void => undefined
    const isDrained = new Promise<void>((resolve) => (drained = resolve))
    const receivers = this.receivers.make(address, state, outbox, {
      received: () => (empty = 0),
      foundNothing: () => {
        empty += 1
        const unsettled = receivers.reduce((sum, receiver) => sum + receiver.unsettled, 0)
        if (empty >= EMPTY_POLLS * receivers.length && unsettled === 0) drained()
      },
    })
    if (signal.aborted) return
    signal.addEventListener('abort', drained, { once: true })
    await Promise.all(receivers.map((receiver) => receiver.start()))
    await isDrained
    await Promise.all(receivers.map((receiver) => receiver.stop()))
    await this.parts.ignored.writeDue()
  }

  private receiverOf(address: string): PushReceiver {
    const { state, outbox } = this.parts
    const known = this.pushed.get(address) ?? this.receivers.pushed(address, state, outbox)
    this.pushed.set(address, known)
    return known
  }
}

type TransformEvents = (events: unknown[], topic?: string) => Promise<ExternalEvent[]>
