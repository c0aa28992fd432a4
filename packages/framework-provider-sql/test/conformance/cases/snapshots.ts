import { expect } from 'chai'
import type { EntitySnapshotEnvelope, UUID } from '@boostercloud/framework-types'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'

const FIRST = '2026-01-01T00:00:00.001Z'
const SECOND = '2026-01-01T00:00:00.002Z'

export const snapshotCases: readonly ConformanceCase[] = [
  {
    name: 'snapshot_comes_back',
    asserts: 'the latest snapshot is the one stored, with the time of its last event and the time of its storing',
    async run(bench) {
      const id = bench.unique('counter')
      const given = bench.snapshot('Counter', id, FIRST, { id, count: 3, steps: [1, 2], nested: { a: [null, 'x'] } })
      const stored = await bench.provider.events.storeSnapshot(given, bench.config)
      expect(stored).to.deep.include({ ...given, createdAt: FIRST })
      expect(Date.parse(stored.persistedAt)).to.be.closeTo(Date.now(), 60_000)
      const latest = await latestOf(bench, 'Counter', id)
      expect(latest).to.deep.include({ ...given, createdAt: FIRST })
      expect(latest?.persistedAt).to.equal(stored.persistedAt)
    },
  },
  {
    name: 'snapshot_latest_wins',
    asserts: 'the latest snapshot is the one with the newest event, whichever was stored last',
    async run(bench) {
      const id = bench.unique('counter')
      await bench.provider.events.storeSnapshot(bench.snapshot('Counter', id, SECOND, { id, count: 2 }), bench.config)
      await bench.provider.events.storeSnapshot(bench.snapshot('Counter', id, FIRST, { id, count: 1 }), bench.config)
      expect((await latestOf(bench, 'Counter', id))?.value).to.deep.equal({ id, count: 2 })
    },
  },
  {
    name: 'snapshot_of_the_same_event_twice',
    asserts: 'two processes that reduce the same event may both store their snapshot',
    async run(bench) {
      const id = bench.unique('counter')
      const snapshot = bench.snapshot('Counter', id, FIRST, { id, count: 1 })
      await Promise.all([1, 2].map(() => bench.provider.events.storeSnapshot(snapshot, bench.config)))
      expect((await latestOf(bench, 'Counter', id))?.value).to.deep.equal({ id, count: 1 })
    },
  },
  {
    name: 'snapshot_of_an_entity_only',
    asserts: 'entities of two types with one id have snapshots of their own',
    async run(bench) {
      const id = bench.unique('shared')
      await bench.provider.events.storeSnapshot(bench.snapshot('Counter', id, FIRST, { id, count: 1 }), bench.config)
      expect(await latestOf(bench, 'Find', id)).to.equal(undefined)
    },
  },
  {
    name: 'snapshot_is_no_event',
    asserts: 'snapshots are neither among the events of an entity nor among those that a search finds',
    async run(bench) {
      const id = bench.unique('counter')
      await bench.provider.events.storeSnapshot(bench.snapshot('Counter', id, FIRST, { id, count: 1 }), bench.config)
      expect(await bench.steps(id)).to.deep.equal([])
      const found = await bench.provider.events.search(bench.config, { entity: 'Counter', entityID: id })
      expect(found).to.deep.equal([])
    },
  },
]

async function latestOf(bench: Bench, entity: string, id: string): Promise<EntitySnapshotEnvelope | undefined> {
  return (await bench.provider.events.latestEntitySnapshot(bench.config, entity, id as UUID)) ?? undefined
}
