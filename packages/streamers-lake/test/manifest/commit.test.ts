import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onFailpoint } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { SegmentWriter } from '../../src/format'
import type { RecordedEvent } from '../../src/format'
import { DraftSummary, LakeVersions, ensureLake } from '../../src/manifest'
import type { Draft } from '../../src/manifest'
import { readEvents } from '../../src/read'
import { FolderStorage } from '../../src/storage'
import { recorded } from '../support/events'

function draftOf(events: readonly RecordedEvent[], readFrom: number | null): Draft {
  const summary = new DraftSummary()
  const writer = new SegmentWriter()
  for (const event of events) {
    summary.add(event, readFrom)
    writer.add(event)
  }
  return summary.draft(writer.finish(), [{ streamer: 'main', topic: 'posts', cursor: `at ${events.length}` }])
}

/** The events of the positions from one to another. */
const stretch = (from: number, to: number): RecordedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => recorded(from + index))

async function positionsIn(storage: FolderStorage): Promise<(number | undefined)[]> {
  const versions = new LakeVersions(storage)
  const positions: (number | undefined)[] = []
  const { segments } = await versions.latest()
  for await (const { position } of readEvents(storage, versions, {}, segments)) positions.push(position)
  return positions
}

describe('a commit to the lake', function () {
  this.timeout(60_000)

  let folder: string
  let storage: FolderStorage

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lake-'))
    storage = new FolderStorage(folder)
  })

  afterEach(async () => {
    onFailpoint(undefined)
    await rm(folder, { recursive: true })
  })

  it('keeps its events where another process, whose clock is far ahead, removes the draft before it is in its place', async () => {
    onFailpoint(async (name) => {
      if (name !== 'lake:manifest-created') return
      for (const { path } of await storage.list('drafts')) await storage.remove(path)
    })
    await new LakeVersions(storage).commit(draftOf(stretch(1, 3), null))
    expect(await positionsIn(storage)).to.deep.equal([1, 2, 3])
  })

  it('removes, when it begins, what a process left a day ago that died while it wrote', async () => {
    const names = ['old', 'new'].map((name) => join(folder, 'unnamed', name))
    await mkdir(join(folder, 'unnamed'))
    for (const name of names) await writeFile(name, 'half of it')
    const before = new Date(Date.now() - 2 * 86_400_000)
    await utimes(names[0], before, before)
    await new LakeVersions(storage).recover()
    expect(await readdir(join(folder, 'unnamed'))).to.deep.equal(['new'])
  })

  it('does not take a lake for a foreign one that another process makes at the same moment', async () => {
    const read = storage.read.bind(storage)
    let isFirst = true
    storage.read = async (path) => {
      const bytes = await read(path)
      if (!isFirst) return bytes
      isFirst = false
      await ensureLake(new FolderStorage(folder), async () => Promise.resolve(false))
      await new LakeVersions(new FolderStorage(folder)).commit(draftOf(stretch(1, 2), null))
      return bytes
    }
    const identity = await ensureLake(storage, async () => storage.isForeign())
    expect(identity.id).to.match(/^[0-9a-f-]{36}$/)
  })

  it('is seen by others, with where the address is read on from', async () => {
    await new LakeVersions(storage).commit(draftOf(stretch(1, 3), null))
    const state = await new LakeVersions(storage).latest()
    expect(state.version).to.equal(1)
    expect(state.lastOf({ streamer: 'main', topic: 'posts', partition: '0' })).to.equal(3)
    expect(state.cursorOf({ streamer: 'main', topic: 'posts' })).to.equal('at 3')
    expect(await positionsIn(storage)).to.deep.equal([1, 2, 3])
    expect((await stat(join(folder, state.segments[0].path))).mode & 0o777).to.equal(0o600)
  })

  it('leaves out what another recorder has recorded, and only that', async () => {
    const [one, other] = [new LakeVersions(storage), new LakeVersions(storage)]
    await other.latest()
    await one.commit(draftOf(stretch(1, 5), null))
    expect((await other.commit(draftOf(stretch(3, 8), null))).outcome).to.equal('recorded')
    expect((await one.commit(draftOf(stretch(2, 7), 1))).outcome).to.equal('known')
    expect(await positionsIn(storage)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('is refused where the lake lacks what was read before', async () => {
    await new LakeVersions(storage).commit(draftOf(stretch(1, 5), null))
    const failure = await new LakeVersions(storage).commit(draftOf(stretch(9, 10), 8)).catch((error: unknown) => error)
    expect(String(failure)).to.match(/STORAGE_DAMAGED.*ends at position 5 of partition 0/)
    expect(await positionsIn(storage)).to.deep.equal([1, 2, 3, 4, 5])
  })

  it('of the same draft again, after it seemed to fail, is one', async () => {
    const versions = new LakeVersions(storage)
    const draft = draftOf([{ ...recorded(0), partition: undefined, position: undefined }], null)
    let isFirst = true
    const create = storage.create.bind(storage)
    storage.create = async (path, bytes) => {
      const made = await create(path, bytes)
      if (!path.startsWith('manifests/') || !isFirst) return made
      isFirst = false
      throw new Error('the answer was lost')
    }
    expect(String(await versions.commit(draft).catch((error: unknown) => error))).to.contain('answer was lost')
    expect((await versions.commit(draft)).outcome).to.equal('recorded')
    expect(await positionsIn(storage)).to.deep.equal([undefined])
  })

  it('of a draft that was partly known, again after it seemed to fail, is one', async () => {
    await new LakeVersions(storage).commit(draftOf(stretch(1, 2), null))
    const versions = new LakeVersions(storage)
    const unplaced = { ...recorded(9), partition: undefined, position: undefined }
    const draft = draftOf([...stretch(2, 3), unplaced], null)
    let isFirst = true
    onFailpoint((reached) => {
      if (reached !== 'lake:manifest-created' || !isFirst) return
      isFirst = false
      throw new Error('the disk failed')
    })
    expect(String(await versions.commit(draft).catch((error: unknown) => error))).to.contain('disk failed')
    expect((await versions.commit(draft)).outcome).to.equal('recorded')
    expect(await positionsIn(storage)).to.deep.equal([1, 2, 3, undefined])
  })

  it('is seen by several who ask at once, also while there is another one', async () => {
    const writer = new LakeVersions(storage)
    for (let position = 1; position <= 5; position += 1)
      await writer.commit(draftOf([recorded(position)], position === 1 ? null : position - 1))
    const reader = new LakeVersions(storage)
    const asked = Array.from({ length: 5 }, async () => (await reader.latest()).version)
    const made = reader.commit(draftOf([recorded(6)], 5))
    expect(await Promise.all(asked)).to.satisfy((all: number[]) => all.every((version) => version >= 5))
    expect((await made).outcome).to.equal('recorded')
    expect((await reader.latest()).version).to.equal(6)
  })

  it('is found over many versions, from the last checkpoint on; of checkpoints two are kept', async () => {
    const versions = new LakeVersions(storage, 10)
    for (let position = 1; position <= 35; position += 1) {
      await versions.commit(draftOf([recorded(position)], position === 1 ? null : position - 1))
    }
    const checkpoints = (await storage.list('checkpoints')).map(({ path }) => path).sort()
    expect(checkpoints).to.deep.equal(['checkpoints/000000000020.json', 'checkpoints/000000000030.json'])
    await rm(join(folder, 'manifests', '000000000030.json'))
    expect(await positionsIn(storage)).to.have.length(35)
    await writeFile(join(folder, checkpoints[1]), '{}')
    const failure = await new LakeVersions(storage).latest().catch((error: unknown) => error)
    expect(String(failure)).to.match(/STORAGE_DAMAGED.*not the checkpoint.*remove it/)
  })
})
