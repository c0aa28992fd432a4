import type { EventSource, Outbox, Relay, StoredEvent } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import type { Probe } from '../bench/probe'
import { loadCore } from './core'
import { OWNER, SILENT } from './parts'
import type { ServiceParts } from './parts'

const BACKOFF = { firstDelayMs: 20, factor: 2, maxDelayMs: 200, jitter: 0 }
/** So few that what an outage holds back does not fit: the rest is read from the store. */
const REMEMBERED = 50
const BATCH = 20

/** The publishing side of a service: outbox and relay of the core on the connector under test, with a map as the event store. */
export class Producer {
  /** The sizes of the batches that the connector was given. */
  public readonly batches: number[] = []
  private relay?: Relay

  private constructor(
    private readonly parts: ServiceParts,
    private readonly address: string,
    private readonly store: Map<string, StoredEvent>
  ) {}

  /** `store`: the event store, which outlives the service. */
  public static on(parts: ServiceParts, topic: string, store = new Map<string, StoredEvent>()): Producer {
    return new Producer(parts, `under-test/${topic}`, store)
  }

  public get state(): StateStore {
    return this.parts.state
  }

  /** The largest batch that a relay of this suite sends. */
  public get largestBatch(): number {
    return BATCH
  }

  /** Stores probes as a command's end does, one after another. Resolves when they are stored, whatever the broker does. */
  public async command(probes: readonly Probe[]): Promise<void> {
    const outbox = await this.outbox()
    for (const probe of probes) {
      const event = storedEvent(probe)
      await outbox.store([event], async () => {
        this.store.set(event.id, event)
      })
    }
  }

  /** Starts publishing what is pending. */
  public async start(): Promise<void> {
    await this.outbox()
    this.relay?.start()
  }

  public async stop(): Promise<void> {
    await this.relay?.stop()
  }

  private made?: Promise<Outbox>

  private outbox(): Promise<Outbox> {
    this.made ??= this.make()
    return this.made
  }

  private async make(): Promise<Outbox> {
    const core = await loadCore()
    const { connector, state } = this.parts
    const recent = new core.RecentEvents(this.source(), REMEMBERED)
    const outbox = new core.Outbox({
      state,
      owner: OWNER,
      addressesOf: () => [this.address],
      wake: (_, events) => {
        recent.add(events)
        this.relay?.wake()
      },
      now: Date.now,
    })
    this.relay = new core.Relay({
      address: this.address,
      connector: {
        publish: async (events: Parameters<typeof connector.publish>[0], topic?: string) => {
          this.batches.push(events.length)
          await connector.publish(events, topic)
        },
      } as StreamerConnector,
      state,
      events: recent,
      source: 'conformance',
      absenceOf: ({ id }) => (outbox.isStoring(id) ? 'waiting' : 'orphaned'),
      log: SILENT.log,
      idleMs: 1_000,
      batch: BATCH,
      backoff: BACKOFF,
    })
    return outbox
  }

  private source(): EventSource {
    return {
      find: async (marks) =>
        new Map(
          marks.flatMap(({ id }): [string, StoredEvent][] => {
            const event = this.store.get(id)
            return event ? [[id, event]] : []
          })
        ),
    }
  }
}

function storedEvent(probe: Probe): StoredEvent {
  const { entity } = probe
  const value = probe as unknown as StoredEvent['value']
  const id = `${entity}-${probe.n}`
  return {
    id,
    typeName: 'Probe',
    version: 1,
    entityTypeName: 'Entity',
    entityId: entity,
    key: entity,
    value,
    context: {},
  }
}
