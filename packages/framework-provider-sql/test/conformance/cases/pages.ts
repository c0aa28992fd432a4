import type { FilterFor, ReadModelInterface, ReadModelListResult, SortFor } from '@boostercloud/framework-types'
import { expect } from 'chai'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'
import { numbers } from '../numbers'

const COUNT = 25

export const pageCases: readonly ConformanceCase[] = [
  {
    name: 'page_limit',
    asserts: 'a limit bounds what a search gives',
    async run(bench) {
      const type = await stored(bench)
      const found = await bench.provider.readModels.search(bench.config, type, {}, { size: 'ASC' } as object, 4)
      expect((found as ReadModelInterface[]).map(({ size }) => size as number)).to.deep.equal(numbers(4))
    },
  },
  {
    name: 'page_limit_with_filter_and_sort',
    asserts: 'the limit counts what matches, in the order asked for',
    async run(bench) {
      const type = await stored(bench)
      const [filter, sort] = [{ size: { gte: 10 } }, { size: 'DESC' }]
      const found = await bench.provider.readModels.search(bench.config, type, filter as object, sort as object, 3)
      expect((found as ReadModelInterface[]).map(({ size }) => size as number)).to.deep.equal([24, 23, 22])
    },
  },
  {
    name: 'page_is_a_list_with_a_cursor',
    asserts: 'a paginated search gives items, their count and a cursor',
    async run(bench) {
      const type = await stored(bench)
      const page = await pageOf(bench, type, { limit: 10 })
      expect(page.items).to.have.length(10)
      expect(page.count).to.equal(10)
      expect(page.cursor).to.be.an('object')
    },
  },
  {
    name: 'page_after_page',
    asserts: 'pages follow each other by their cursors, give each read model once, and end with an empty one',
    async run(bench) {
      const type = await stored(bench)
      const found = await everyPage(bench, type, {})
      expect(found.sort((a, b) => a - b)).to.deep.equal(numbers(COUNT))
    },
  },
  {
    name: 'page_after_page_sorted',
    asserts: 'the same in an order',
    async run(bench) {
      const type = await stored(bench)
      const found = await everyPage(bench, type, { sort: { size: 'DESC' } as object })
      expect(found).to.deep.equal(numbers(COUNT).reverse())
    },
  },
  {
    name: 'page_after_page_sorted_by_equals',
    asserts: 'the same where many are equal in what they are sorted by',
    async run(bench) {
      const type = await stored(bench)
      const found = await everyPage(bench, type, { sort: { parity: 'ASC' } as object })
      expect([...found].sort((a, b) => a - b)).to.deep.equal(numbers(COUNT))
      expect(found.map((size) => size % 2)).to.deep.equal(numbers(COUNT).map((index) => (index < 13 ? 0 : 1)))
    },
  },
  {
    name: 'page_after_page_filtered',
    asserts: 'the same of what matches a filter',
    async run(bench) {
      const type = await stored(bench)
      const found = await everyPage(bench, type, { filter: { parity: { eq: 1 } } as object })
      expect(found.sort((a, b) => a - b)).to.deep.equal(numbers(12).map((index) => index * 2 + 1))
    },
  },
  {
    name: 'page_of_nothing',
    asserts: 'a page of nothing has no items and counts none',
    async run(bench) {
      const { items, count } = await pageOf(bench, bench.unique('Model'), { limit: 10 })
      expect({ items, count }).to.deep.equal({ items: [], count: 0 })
    },
  },
]

interface Page {
  readonly filter?: FilterFor<unknown>
  readonly sort?: SortFor<unknown>
  readonly limit?: number
  readonly after?: Record<string, string>
}

type Listed = ReadModelListResult<ReadModelInterface>

async function pageOf(bench: Bench, type: string, { filter = {}, sort, limit, after }: Page): Promise<Listed> {
  return (await bench.provider.readModels.search(bench.config, type, filter, sort, limit, after, true)) as Listed
}

async function everyPage(bench: Bench, type: string, page: Page): Promise<number[]> {
  const found: number[] = []
  for (let after: Record<string, string> | undefined; ;) {
    const { items, cursor } = await pageOf(bench, type, { ...page, limit: 4, after })
    if (items.length === 0) return found
    expect(items.length).to.be.at.most(4)
    found.push(...items.map(({ size }) => size as number))
    after = cursor
  }
}

/** In another order than that of their sizes. */
async function stored(bench: Bench): Promise<string> {
  const type = bench.unique('Sized')
  for (const index of numbers(COUNT)) {
    const size = (index * 7) % COUNT
    await bench.put(type, { id: `sized-${size}`, size, parity: size % 2 })
  }
  return type
}
