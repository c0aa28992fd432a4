import { strict as assert } from 'node:assert'
import { isDeclaring } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Receiver } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'
import type { OpenConnector } from '../bench/open-connector'
import { until, within } from '../bench/within'
import { loadCore } from './core'
import type { Core } from './core'
import { HandlerEffects } from './handler-effects'
import type { Handle } from './handler-effects'
import type { Journal } from './journal'
import { OWNER, SILENT } from './parts'
import type { ServiceParts } from './parts'

/** How a consumer is made. */
export interface ConsumerOptions {
  readonly parts: ServiceParts
  readonly topic: string
  readonly handle: Handle
  readonly journal: Journal
  readonly limitMs: number
}

/** The receiving side of a service: a receiver of the core on the connector under test, with a handler of the case's. */
export class Consumer {
  /** What polls handed out, in order. */
  public readonly handedOut: ExternalEvent[] = []
  private polls = 0
  private stopping?: Promise<void>

  private readonly receiver: Receiver

  private constructor(
    private readonly options: ConsumerOptions,
    { InFlight, Receiver: CoreReceiver, RunGate }: Core
  ) {
    const { parts, topic, handle, journal } = options
    this.receiver = new CoreReceiver({
      ...SILENT,
      address: `under-test/${topic}`,
      connector: this.watched(parts.connector),
      capabilities: isDeclaring(parts.connector) ? parts.connector.capabilities : undefined,
      links: parts.links,
      state: parts.state,
      effects: new HandlerEffects(handle, journal),
      inFlight: new InFlight(),
      gate: new RunGate(),
      owner: OWNER,
      claimMs: 60_000,
      concurrency: 8,
      maxUnsettled: 1_000,
    })
  }

  /** Resolves when it polls. */
  public static async start(options: ConsumerOptions): Promise<Consumer> {
    const consumer = new Consumer(options, await loadCore())
    await consumer.receiver.start()
    return consumer
  }

  public get state(): StateStore {
    return this.options.parts.state
  }

  public get journal(): Journal {
    return this.options.journal
  }

  /** Resolves when the broker knows the service: a poll has come back. */
  public async known(): Promise<void> {
    await this.until(() => this.polls > 0, 'A first poll that resolves')
  }

  /** Resolves when another poll has come back; at once where none comes while something is open, as for a connector without capabilities. */
  public async anotherPoll(): Promise<void> {
    if (!isDeclaring(this.options.parts.connector)) return
    const polls = this.polls
    await this.until(() => this.polls > polls, 'Another poll that resolves')
  }

  /** Waits for a condition within the limit. */
  public async until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    await until(
      this.options.limitMs,
      async () => condition(),
      () => what
    )
  }

  /** Resolves when nothing that was handed out is open, and nothing is parked. */
  public async atRest(): Promise<void> {
    await this.until(
      async () => this.receiver.unsettled === 0 && (await this.state.counts()).parked === 0,
      'Everything settled and nothing parked'
    )
  }

  /** Has it see what was changed in the state from outside. */
  public async refresh(): Promise<void> {
    await this.receiver.refresh()
  }

  /** Drains: the last settled mark is acknowledged. May be called twice. */
  public async stop(): Promise<void> {
    this.stopping ??= this.receiver.stop()
    await within(this.options.limitMs, this.stopping, 'Stopping a service')
  }

  private watched(connector: OpenConnector): OpenConnector {
    return new Proxy(connector, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (name === 'poll') return (topic?: string, id?: string) => this.poll(target, topic, id)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  }

  private async poll(connector: OpenConnector, topic?: string, id?: string): Promise<ExternalEvent[]> {
    const events = await connector.poll(topic, id)
    assert.ok(Array.isArray(events), 'poll() resolves with an array')
    this.polls += 1
    this.handedOut.push(...events)
    return events
  }
}
