import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Outbox, RecentEvents, Relay, SlotLeases } from '../../src/publish'
import type { StoredEvent } from '../../src/publish'
import { openEmbeddedState } from '../../src/state'
import type { PendingMark, StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { inTempFolder } from '../support/temp-folder'

const ADDRESS = 'log/posts'
const ENTITIES = 24
const LEASE_MS = 400
const quiet = (): void => undefined

/** One event store, one state and one log, as the replicas of a service share them. */
class Shared {
  public readonly store = new Map<string, StoredEvent>()
  private readonly closing: (() => Promise<void>)[] = []
  private readonly events = {
    find: async (marks: readonly PendingMark[]): Promise<Map<string, StoredEvent>> =>
      new Map(
        marks.flatMap(({ id }): [string, StoredEvent][] => {
          const event = this.store.get(id)
          return event ? [[id, event]] : []
        })
      ),
  }

  public constructor(private readonly folder: string) {}

  public async state(): Promise<StateStore> {
    const state = await openEmbeddedState(join(this.folder, 'state'))
    this.closing.unshift(() => state.close())
    return state
  }

  public log(): LocalStreamer {
    const log = LocalStreamer.with({ path: join(this.folder, 'log'), pollWaitMs: 50 })
    this.closing.unshift(() => log.close())
    return log
  }

  /** A replica's relay, with its leases. */
  public async replica(owner: string, publish: StreamerConnector['publish']): Promise<SlotLeases> {
    const state = await this.state()
    const leases = new SlotLeases({ state, address: ADDRESS, owner, leaseMs: LEASE_MS, now: Date.now })
    const relay = new Relay({
      address: ADDRESS,
      connector: { publish } as StreamerConnector,
      state,
      events: new RecentEvents(this.events, 10),
      source: 'app',
      absenceOf: () => 'waiting',
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      slots: () => leases.current(),
      idleMs: 20,
      batch: 7,
      backoff: { firstDelayMs: 5, factor: 2, maxDelayMs: 50, jitter: 0 },
    })
    relay.start()
    this.closing.unshift(() => relay.stop())
    return leases
  }

  /** Stores the n-th event of every entity, as one replica or another would. */
  public async storeRound(state: StateStore, n: number): Promise<void> {
    const outbox = new Outbox({ state, owner: 'any', addressesOf: () => [ADDRESS], wake: quiet, now: Date.now })
    const events = Array.from({ length: ENTITIES }, (_, entity): StoredEvent => {
      const [entityId, id] = [`p${entity}`, `p${entity}-${n}`]
      const value = { id, entityID: () => entityId as never }
      return { id, typeName: 'Post', version: 1, entityTypeName: 'E', entityId, key: entityId, value, context: {} }
    })
    await outbox.store(events, async () => {
      for (const event of events) this.store.set(event.id, event)
    })
  }

  public async close(): Promise<void> {
    for (const close of this.closing) await close()
  }
}

describe('relays of several replicas', () => {
  it('share the entities, keep the order of each, and take over from one that stands still', function () {
    this.timeout(60_000)
    return inTempFolder(async (folder) => {
      const shared = new Shared(folder)
      const published = { a: 0, b: 0 }
      let stuck: (() => void) | undefined
      const into =
        (log: LocalStreamer, who: keyof typeof published): StreamerConnector['publish'] =>
        async (events, topic) => {
          if (who === 'a' && published.a > 60 && !stuck) await new Promise<void>((resolve) => (stuck = resolve))
          await log.publish(events, topic)
          published[who] += events.length
        }
      try {
        const state = await shared.state()
        await shared.replica('a', into(shared.log(), 'a'))
        await shared.replica('b', into(shared.log(), 'b'))
        const rounds = 30
        for (let n = 0; n < rounds; n += 1) await shared.storeRound(state, n)
        const reader = shared.log()
        const firsts = new Set<string>()
        let last: string | undefined
        await eventually(
          async () => {
            for (const { eventId, metadata } of await reader.poll('posts', last)) {
              last = eventId
              firsts.add(metadata?.id ?? '')
            }
            return firsts.size === ENTITIES * rounds
          },
          () => ({ seen: firsts.size, published }),
          40_000
        )
        expect(published.a, 'by the one that stood still').to.be.greaterThan(0)
        expect(published.b, 'by the other one').to.be.greaterThan(0)
        expect(stuck, 'one stood still').to.be.a('function')
        for (let entity = 0; entity < ENTITIES; entity += 1) {
          const own = [...firsts].filter((id) => id.startsWith(`p${entity}-`))
          expect(own).to.deep.equal(Array.from({ length: rounds }, (_, n) => `p${entity}-${n}`))
        }
      } finally {
        stuck?.()
        await shared.close()
      }
    })
  })
})
