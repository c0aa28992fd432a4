import { expect } from 'chai'
import { compact, forget, retain } from '../../src/keep'
import { LakeVersions } from '../../src/manifest'
import { eventsOf, readEvents } from '../../src/read'
import type { LakeStorage } from '../../src/storage'
import { faultsOf } from '../../src/verify'
import type { RecordedEvent } from '../../src'
import { recorded } from '../support/events'
import { draftOf } from '../support/made-lake'
import { Storages, describePlaces } from '../support/places'

/** An event of a person, one of three. */
const of = (position: number, more: Partial<RecordedEvent> = {}): RecordedEvent =>
  recorded(position, { key: `person-${position % 3}`, subject: undefined, ...more })

describe('what a lake does not keep', function () {
  this.timeout(60_000)

  describePlaces((kind) => {
    let storages: Storages
    let storage: LakeStorage

    beforeEach(async () => {
      storages = await Storages.of(kind)
      storage = storages.one()
    })
    afterEach(async () => storages.close())

    const fresh = (): LakeVersions => new LakeVersions(storage)

    async function found(): Promise<RecordedEvent[]> {
      const versions = fresh()
      const events: RecordedEvent[] = []
      for await (const event of readEvents(storage, versions, {}, (await versions.latest()).segments))
        events.push(event)
      return events
    }

    const positions = async (): Promise<unknown[]> => (await found()).map(({ position }) => position)

    async function faults(): Promise<string[]> {
      const all: string[] = []
      for await (const { kind: what, message } of faultsOf(storage, {})) all.push(`${what}: ${message}`)
      return all
    }

    /** Whether any file of the lake has a text; Parquet files are looked through event by event. */
    async function isAnywhere(key: string): Promise<boolean> {
      const folders = ['segments', 'drafts', 'retired', 'index', 'manifests', 'checkpoints']
      const files = (await Promise.all(folders.map((folder) => storage.list(folder)))).flat()
      for (const { path } of files) {
        const bytes = await storage.read(path)
        if (bytes !== undefined && Buffer.from(bytes).includes(key)) return true
      }
      return (await found()).some((event) => event.key === key || event.subject === key)
    }

    async function record(...segments: RecordedEvent[][]): Promise<void> {
      const versions = fresh()
      for (const events of segments) await versions.commit(draftOf(events))
    }

    it('is the events of an entity that was forgotten; nothing is missing or recorded again for that', async () => {
      await record([of(1), of(2), of(3)], [of(4), of(5, { key: 'other', subject: 'person-1' })], [of(6)], [of(7)])
      expect(await forget(storage, fresh(), 'person-1', { dryRun: true })).to.deep.equal({
        events: 4,
        segments: 3,
        waiting: 0,
      })
      expect(await positions()).to.deep.equal([1, 2, 3, 4, 5, 6, 7])
      expect(await forget(storage, fresh(), 'person-1', {})).to.deep.equal({ events: 4, segments: 3, waiting: 0 })
      expect(await positions()).to.deep.equal([2, 3, 6])
      expect(await isAnywhere('person-1')).to.equal(false)
      expect(await faults()).to.deep.equal([])
      const again = await fresh().commit(draftOf([of(6), of(7), of(8)]))
      expect(again.outcome).to.equal('recorded')
      await compact(storage, fresh(), {})
      expect(await positions()).to.deep.equal([2, 3, 6, 8])
      expect(await faults()).to.deep.equal([])
      expect(await forget(storage, fresh(), 'person-1', {})).to.deep.equal({ events: 0, segments: 0, waiting: 0 })
    })

    it('is not in files of segments that were replaced before', async () => {
      await record([of(1), of(2)], [of(3), of(4)])
      await compact(storage, fresh(), {})
      expect(await storage.list('retired')).to.have.length(2)
      await forget(storage, fresh(), 'person-1', {})
      expect(await storage.list('retired')).to.deep.equal([])
      expect(await positions()).to.deep.equal([2, 3])
    })

    it('is counted where a recorder has read it and not recorded it', async () => {
      await record([of(2)])
      await storage.create('drafts/of-a-recorder.parquet', draftOf([of(4), of(5)]).bytes)
      expect(await forget(storage, fresh(), 'person-1', {})).to.deep.equal({ events: 0, segments: 0, waiting: 1 })
    })

    it('is gone for a reader that began before, which sees the others once', async () => {
      await record([of(1), of(2), of(3)], [of(4), of(5), of(6)])
      const versions = fresh()
      const { segments } = await versions.latest()
      await forget(storages.one(), new LakeVersions(storages.one()), 'person-2', {})
      await compact(storages.one(), new LakeVersions(storages.one()), { keepMs: 0 })
      const seen: unknown[] = []
      for (const segment of segments)
        for await (const events of eventsOf(storage, versions, segment))
          seen.push(...events.map((event) => event.position))
      expect(seen).to.deep.equal([1, 3, 4, 6])
    })

    it('is what is too old, of the address that is named', async () => {
      const old = { recordedAt: 1_000 }
      const other = { topic: 'comments' }
      await record(
        [of(1, old), of(2, old)],
        [of(3, old), of(1, { ...old, ...other })],
        [of(4, old), of(5), of(2, other)],
        [of(6)]
      )
      const options = { address: 'main/posts', before: new Date(2_000) }
      expect(await retain(storage, fresh(), { ...options, dryRun: true })).to.deep.equal({ events: 4, segments: 3 })
      expect(await retain(storage, fresh(), options)).to.deep.equal({ events: 4, segments: 3 })
      expect((await found()).map(({ topic, position }) => `${topic} ${position}`)).to.deep.equal([
        'comments 1',
        'posts 5',
        'comments 2',
        'posts 6',
      ])
      expect(await faults()).to.deep.equal([])
      expect((await fresh().commit(draftOf([of(1), of(2)]))).outcome).to.equal('known')
      await compact(storage, fresh(), {})
      expect(await faults()).to.deep.equal([])
      expect(await retain(storage, fresh(), options)).to.deep.equal({ events: 0, segments: 0 })
    })
  })
})
