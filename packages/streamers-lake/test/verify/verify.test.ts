import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { LakeFault } from '../../src'
import type { RecordedEvent } from '../../src/format'
import { segmentFor } from '../../src/manifest/draft'
import { recorded } from '../support/events'
import { MadeLake, draftOf } from '../support/made-lake'

const stretch = (from: number, to: number): RecordedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => recorded(from + index))

describe('lake.verify', function () {
  this.timeout(60_000)

  let made: MadeLake
  let paths: string[]

  beforeEach(async () => {
    made = await MadeLake.of()
    paths = [await made.add(stretch(1, 3)), await made.add(stretch(4, 9)), await made.add(stretch(11, 12))]
  })
  afterEach(async () => made.remove())

  async function faults(): Promise<LakeFault[]> {
    const found: LakeFault[] = []
    for await (const fault of made.lake.verify()) found.push(fault)
    return found
  }

  const kinds = async (): Promise<string[]> => (await faults()).map(({ kind, path }) => `${kind} ${path}`)

  const manifest = (version: number): string => join(made.folder, `manifests/${String(version).padStart(12, '0')}.json`)

  /** Makes one more version of the lake, as no recorder makes it. */
  async function change(version: number, added: object[], removed: readonly string[] = []): Promise<void> {
    const text = JSON.stringify({ version, change: 'test', at: '2026-11-30T12:00:00Z', added, removed, cursors: [] })
    await writeFile(manifest(version), text)
  }

  it('finds nothing wrong with a lake that is whole, positions that the broker left out included', async () => {
    const seen: object[] = []
    for await (const fault of made.lake.verify({ onSegment: (segment) => seen.push(segment) }))
      throw new Error(fault.message)
    expect(seen).to.deep.equal(paths.map((path, index) => ({ path, events: [3, 6, 2][index] })))
  })

  it('finds nothing wrong with events that have no place, and with a segment that a process which died has not moved', async () => {
    await made.add([recorded(1, { topic: 'other', partition: undefined, position: undefined })])
    await made.storage.move(paths[1], `drafts/${paths[1].slice(paths[1].lastIndexOf('/') + 1)}`)
    expect(await faults()).to.deep.equal([])
  })

  it('names a segment that is missing, one that was changed, and a file that is none of the lake', async () => {
    await rm(join(made.folder, paths[0]))
    const bytes = await readFile(join(made.folder, paths[1]))
    bytes[bytes.length >> 1] ^= 1
    await writeFile(join(made.folder, paths[1]), bytes)
    await writeFile(join(made.folder, 'segments/stray.parquet'), bytes)
    expect(await kinds()).to.have.members([
      `segment-missing ${paths[0]}`,
      `segment-changed ${paths[1]}`,
      'file-unknown segments/stray.parquet',
    ])
  })

  it('names a file whose bytes are as written and are not what its manifest says', async () => {
    const draft = draftOf(stretch(13, 15))
    const segment = segmentFor(draft, () => 12)
    await made.storage.create(segment.path, draft.bytes)
    const [run] = segment.runs
    await change(4, [{ ...segment, runs: [{ ...run, rows: 2, last: 14 }] }])
    expect(await kinds()).to.deep.equal([`segment-unreadable ${segment.path}`])
  })

  it('names positions that are recorded twice, and those that are missing between two segments', async () => {
    const twice = segmentFor(draftOf(stretch(12, 13)), () => 11)
    await made.storage.create(twice.path, draftOf(stretch(12, 13)).bytes)
    const apart = segmentFor(draftOf(stretch(20, 21)), () => 19)
    await made.storage.create(apart.path, draftOf(stretch(20, 21)).bytes)
    await change(4, [twice, apart])
    expect(await kinds()).to.deep.equal([`position-twice ${twice.path}`, `positions-missing ${apart.path}`])
  })

  it('names a version that is missing, and blames no segment for it', async () => {
    await rm(manifest(2))
    expect(await kinds()).to.deep.equal(['manifest-missing manifests/000000000002.json'])
  })
})
