import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import type { LakeStorage } from '../../src/storage'
import { Storages, describePlaces } from '../support/places'

const bytes = (text: string): Uint8Array => Buffer.from(text)
const textOf = (found: Uint8Array | undefined): string | undefined => found && Buffer.from(found).toString()

describe("a lake's storage", function () {
  this.timeout(60_000)

  describePlaces((kind) => {
    let storages: Storages
    let storage: LakeStorage

    beforeEach(async () => {
      storages = await Storages.of(kind)
      storage = storages.one()
    })
    afterEach(async () => storages.close())

    const paths = async (folder: string): Promise<string[]> =>
      (await storage.list(folder)).map(({ path }) => path).sort()

    it('creates a file once, and keeps what it has', async () => {
      expect(await storage.create('manifests/1.json', bytes('one'))).to.equal(true)
      expect(await storages.one().create('manifests/1.json', bytes('two'))).to.equal(false)
      expect(textOf(await storage.read('manifests/1.json'))).to.equal('one')
    })

    it('lets one of several succeed that create a file at once', async () => {
      const others = Array.from({ length: 8 }, () => storages.one())
      const made = await Promise.all(others.map((one, at) => one.create('manifests/2.json', bytes(String(at)))))
      expect(made.filter(Boolean)).to.have.length(1)
      expect(textOf(await storage.read('manifests/2.json'))).to.equal(String(made.indexOf(true)))
    })

    it('has nothing where nothing is', async () => {
      expect(await storage.isForeign()).to.equal(false)
      expect(await storage.read('lake.json')).to.equal(undefined)
      expect(await storage.open('lake.json')).to.equal(undefined)
      expect(await storage.list('segments')).to.deep.equal([])
      expect(await storage.move('drafts/1', 'segments/1')).to.equal(false)
      await storage.remove('drafts/1')
    })

    it('gives parts of files, also of large and of empty ones', async () => {
      const large = Buffer.alloc(200_000, 'abcdefg')
      await storage.create('segments/large', large)
      await storage.create('segments/empty', new Uint8Array())
      for (const [path, all] of [
        ['segments/large', large],
        ['segments/empty', Buffer.alloc(0)],
      ] as const) {
        const file = await storage.open(path)
        expect(file?.bytes).to.equal(all.byteLength)
        for (const [start, end] of [
          [0, 10],
          [100_000, 180_000],
          [199_990, 200_000],
          [199_990, 300_000],
          [5, 5],
        ]) {
          const part = Buffer.from((await file?.slice(start, end)) ?? [])
          expect(part.equals(all.subarray(start, end)), `${path} ${start}`).to.equal(true)
        }
        await file?.close()
      }
    })

    it('lists files with the folders that they are in, and only those of the folder', async () => {
      for (const path of ['segments/2026-11-30/a', 'segments/2026-11-29/b', 'segments-not', 'drafts/c'])
        await storage.create(path, bytes(path))
      expect(await paths('segments')).to.deep.equal(['segments/2026-11-29/b', 'segments/2026-11-30/a'])
      const [{ bytes: size, modifiedAt }] = await storage.list('drafts')
      expect(size).to.equal(8)
      expect(modifiedAt).to.be.instanceOf(Date)
    })

    it('moves a file, also where another process has moved it', async () => {
      await storage.create('drafts/a b+ü', bytes('segment'))
      expect(await storage.move('drafts/a b+ü', 'segments/day/a')).to.equal(true)
      expect(await storages.one().move('drafts/a b+ü', 'segments/day/a')).to.equal(true)
      expect(textOf(await storage.read('segments/day/a'))).to.equal('segment')
      expect(await paths('drafts')).to.deep.equal([])
    })

    it('pins files for others to read, wherever they are, until they are released', async () => {
      for (const path of ['segments/a', 'drafts/b', 'segments/d']) await storage.create(path, bytes(path))
      const places = ['a', 'b', 'c', 'd'].map((name) => [`segments/${name}`, `drafts/${name}`])
      const pinned = await storage.pin(places)
      await storage.move('drafts/b', 'segments/b')
      await storage.remove('segments/a')
      const found = await Promise.all(pinned.paths.map(async (path) => path && readFile(path, 'utf8')))
      expect(found).to.deep.equal(['segments/a', 'drafts/b', undefined, 'segments/d'])
      await pinned.release()
      expect(await Promise.all(pinned.paths.map(async (path) => path && existsSync(path)))).to.not.include(true)
    })

    it('is foreign where there are files of others, and not where a lake was begun', async () => {
      await storage.create('lake.json', bytes('{}'))
      expect(await storage.isForeign()).to.equal(false)
      await storage.create('photos/1.jpeg', bytes('picture'))
      expect(await storage.isForeign()).to.equal(true)
    })
  })
})
