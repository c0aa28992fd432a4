import { writeFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { SegmentIndexReader, SegmentIndexWriter, fileOf } from '../../src/format'
import { LakeVersions, indexPath } from '../../src/manifest'
import { recorded } from '../support/events'
import { MadeLake } from '../support/made-lake'

describe('the index of a segment', function () {
  this.timeout(60_000)

  it('names the rows of every id, key and subject, whatever they are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.string(), key: fc.string(), subject: fc.string() }, { requiredKeys: [] }), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 90 }),
        async (members, repeated) => {
          const events = Array.from({ length: repeated }, () => members).flat()
          const writer = new SegmentIndexWriter()
          for (const one of events)
            writer.add({ ...recorded(1), id: undefined, key: undefined, subject: undefined, ...one })
          const index = await SegmentIndexReader.open(fileOf(writer.finish()), events.length)
          expect(await index?.isWhole()).to.equal(true)
          for (const [row, { id, key, subject }] of events.entries()) {
            const looked = [['id', id] as const, ['key', key] as const, ['key', subject] as const]
            for (const [column, text] of row % 7 > 0 ? [] : looked) {
              const ranges = text === undefined ? [[0, row + 1]] : await index?.rowsOf(column, text)
              expect(
                ranges?.some(([from, to]) => from <= row && row < to),
                `${column} ${text}`
              ).to.equal(true)
            }
          }
        }
      ),
      { numRuns: 40 }
    ))

  it('leads to few rows, and takes few bytes', async () => {
    const writer = new SegmentIndexWriter()
    for (let n = 0; n < 50_000; n += 1) writer.add(recorded(n, { subject: undefined }))
    const bytes = writer.finish()
    expect(bytes.byteLength / 50_000).to.be.below(8)
    const index = await SegmentIndexReader.open(fileOf(bytes), 50_000)
    let rows = 0
    for (let n = 0; n < 1_000; n += 1)
      for (const [from, to] of (await index?.rowsOf('id', `other-${n}`)) ?? []) rows += to - from
    expect(rows).to.be.below(50_000)
    expect(await SegmentIndexReader.open(fileOf(bytes), 49_999)).to.equal(undefined)
  })

  describe('in a lake', () => {
    let made: MadeLake

    beforeEach(async () => {
      made = await MadeLake.of([recorded(1), recorded(2)], [recorded(3, { key: 'post-1' }), recorded(4)])
    })
    afterEach(async () => made.remove())

    const keyed = async (): Promise<unknown[]> => {
      const found: unknown[] = []
      for await (const { position } of made.lake.read({ key: 'post-1' })) found.push(position)
      return found
    }
    const indexes = async (): Promise<string[]> =>
      (await new LakeVersions(made.storage).latest()).segments.map((segment) => join(made.folder, indexPath(segment)))
    const faults = async (): Promise<string[]> => {
      const found: string[] = []
      for await (const { kind } of made.lake.verify()) found.push(kind)
      return found
    }

    it('is used, is not needed, and is made again where it is missing or damaged', async () => {
      expect(await keyed()).to.deep.equal([1, 3])
      const [first, second] = await indexes()
      await rm(first)
      expect(await keyed()).to.deep.equal([1, 3])
      expect(await faults()).to.deep.equal([])
      const bytes = await readFile(second)
      bytes[bytes.length - 1] ^= 1
      await writeFile(second, bytes)
      expect(await faults()).to.deep.equal(['index-changed'])
      await made.lake.compact({ segmentEvents: 2 })
      expect(await faults()).to.deep.equal([])
      expect(await keyed()).to.deep.equal([1, 3])
      await made.lake.compact()
      expect(await keyed()).to.deep.equal([1, 3])
      expect((await made.storage.list('index')).map(({ path }) => join(made.folder, path))).to.deep.equal(
        await indexes()
      )
    })
  })
})
