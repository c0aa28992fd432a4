import { expect } from 'chai'
import { readPage } from '../../src/publish/marks/read-page'
import type { StoredEvent } from '../../src/publish'
import type { PendingMark } from '../../src/state'

const markOf = (n: number): PendingMark => ({
  address: 'log/posts',
  id: `e${n}`,
  typeName: 'Post',
  entityTypeName: 'E',
  entityId: 'p',
  slot: 0,
  markedAt: 1,
  owner: 'me',
  context: {},
})
const marks = Array.from({ length: 500 }, (_, n) => markOf(n))

const finderOf =
  (size?: number) =>
  async (some: readonly PendingMark[]): Promise<Map<string, StoredEvent>> =>
    new Map(some.map((mark) => [mark.id, { ...mark, version: 1, value: {} as never, size, storedAt: 1 }]))

describe('a page of pending events', () => {
  it('is read whole where its events are small', async () => {
    const page = await readPage(marks, finderOf(200))
    expect(page.marks).to.have.length(marks.length)
    expect(page.found.size).to.equal(marks.length)
  })

  it('gives other work its turn while it is read', async () => {
    let turns = 0
    let isReading = true
    const count = (): void => {
      turns += 1
      if (isReading) setImmediate(count)
    }
    setImmediate(count)
    await readPage(marks, finderOf(200))
    isReading = false
    expect(turns).to.be.greaterThan(5)
  })

  it('ends early where its events are large, and then is the first of them, without a gap', async () => {
    const sizes: number[] = []
    const find = finderOf(1024 * 1024)
    const page = await readPage(marks, async (some) => {
      sizes.push(some.length)
      return find(some)
    })
    expect(page.marks.length).to.be.greaterThan(0).and.at.most(32)
    expect(page.marks).to.deep.equal(marks.slice(0, page.marks.length))
    expect([...page.found.keys()]).to.deep.equal(page.marks.map(({ id }) => id))
  })

  it('has some of the events also where each alone is larger than a page may be', async () => {
    const page = await readPage(marks, finderOf(64 * 1024 * 1024))
    expect(page.marks.length).to.be.greaterThan(0)
  })
})
