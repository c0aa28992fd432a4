import { onFailpoint } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { compact } from '../../src/keep'
import { LakeVersions } from '../../src/manifest'
import { followEvents, readEvents } from '../../src/read'
import type { LakeStorage } from '../../src/storage'
import { faultsOf } from '../../src/verify'
import { recorded } from '../support/events'
import { draftOf } from '../support/made-lake'
import { Storages, describePlaces } from '../support/places'

const FAILPOINTS = [
  'lake:replacement-written',
  'lake:before-manifest',
  'lake:replacement-created',
  'lake:replaced-retired',
  'lake:segment-in-place',
]

const counting = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)

describe('a compaction', function () {
  this.timeout(60_000)

  describePlaces((kind) => {
    let storages: Storages
    let storage: LakeStorage

    beforeEach(async () => {
      storages = await Storages.of(kind)
      storage = storages.one()
    })
    afterEach(async () => {
      onFailpoint(undefined)
      await storages.close()
    })

    /** Records positions, two a segment, and one event without a place with them. */
    async function record(from: number, to: number): Promise<void> {
      const versions = new LakeVersions(storages.one())
      for (let position = from; position <= to; position += 2) {
        const unplaced = recorded(1_000 + position, { topic: 'other', partition: undefined, position: undefined })
        await versions.commit(draftOf([recorded(position), recorded(position + 1), unplaced], null))
      }
    }

    async function positionsIn(versions = new LakeVersions(storage)): Promise<number[]> {
      const { segments } = await versions.latest()
      const found: number[] = []
      for await (const { position } of readEvents(storage, versions, { address: 'main/posts' }, segments))
        found.push(position ?? NaN)
      return found
    }

    async function faults(): Promise<string[]> {
      const found: string[] = []
      for await (const { kind: what, path } of faultsOf(storage, {})) found.push(`${what} ${path}`)
      return found
    }

    it('puts small segments together, and has every event in its order', async () => {
      await record(1, 10)
      const { before, after } = await compact(storage, new LakeVersions(storage), { segmentEvents: 9 })
      expect([before, after]).to.deep.equal([5, 2])
      await record(11, 12)
      expect(await positionsIn()).to.deep.equal(counting(1, 12))
      await compact(storage, new LakeVersions(storage), {})
      expect((await new LakeVersions(storage).latest()).segments).to.have.length(1)
      expect(await positionsIn()).to.deep.equal(counting(1, 12))
      expect(await faults()).to.deep.equal([])
      expect(await storage.list('segments')).to.have.length(1)
    })

    it('is unseen by readers that began before it, also where nothing is left of what they know', async () => {
      await record(1, 8)
      const versions = new LakeVersions(storage)
      const { segments } = await versions.latest()
      const events = readEvents(storage, versions, { address: 'main/posts' }, segments)
      const found = [(await events.next()).value?.position]
      for (const segmentEvents of [6, 100]) {
        await compact(storages.one(), new LakeVersions(storages.one()), { segmentEvents, keepMs: 0 })
        expect(await storage.list('retired')).to.deep.equal([])
      }
      for await (const { position } of events) found.push(position)
      expect(found).to.deep.equal(counting(1, 8))
    })

    it('is unseen by a reader that follows, which sees what was recorded and put together between two looks', async () => {
      await record(1, 4)
      const ending = new AbortController()
      const filter = { address: 'main/posts' }
      const following = followEvents(storage, new LakeVersions(storage), filter, {
        from: 'first',
        signal: ending.signal,
      })
      const found: unknown[] = []
      for await (const { position } of following) {
        found.push(position)
        if (found.length === 4) {
          await record(5, 8)
          await compact(storages.one(), new LakeVersions(storages.one()), { keepMs: 0 })
          await record(9, 10)
        }
        if (found.length === 10) ending.abort()
      }
      expect(found).to.deep.equal(counting(1, 10))
    })

    it('goes on beside recorders, and beside another one', async () => {
      await record(1, 6)
      await Promise.all([
        record(7, 20),
        ...[1, 2].map(() => compact(storages.one(), new LakeVersions(storages.one()), { keepMs: 0 })),
      ])
      expect(await positionsIn()).to.deep.equal(counting(1, 20))
      await new LakeVersions(storage).recover()
      expect(await faults()).to.deep.equal([])
    })

    for (const name of FAILPOINTS) {
      it(`that ends at ${name} leaves nothing wrong`, async () => {
        await record(1, 6)
        const reader = new LakeVersions(storage)
        await reader.latest()
        onFailpoint((reached) => {
          if (reached === name) throw new Error('killed')
        })
        const failure = await compact(storage, new LakeVersions(storage), {}).catch((error: unknown) => error)
        expect(String(failure)).to.contain('killed')
        onFailpoint(undefined)
        expect(await positionsIn()).to.deep.equal(counting(1, 6))
        expect(await positionsIn(reader)).to.deep.equal(counting(1, 6))
        expect(await faults()).to.deep.equal([])
        await compact(storage, new LakeVersions(storage), { keepMs: 0 })
        expect(await positionsIn()).to.deep.equal(counting(1, 6))
        const { segments } = await new LakeVersions(storage).latest()
        expect((await storage.list('segments')).map(({ path }) => path)).to.deep.equal(segments.map(({ path }) => path))
        expect(await storage.list('retired')).to.deep.equal([])
      })
    }
  })
})
