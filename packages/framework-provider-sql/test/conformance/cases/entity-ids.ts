import { expect } from 'chai'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'
import { numbers } from '../numbers'

export const entityIdCases: readonly ConformanceCase[] = [
  {
    name: 'entity_ids_in_pages',
    asserts: 'the ids of the entities of a type are found page by page, each once, however many events each has',
    async run(bench) {
      const ids = numbers(7).map(() => bench.unique('thing'))
      for (const id of [...ids, ...ids]) {
        await bench.store(bench.event({ entity: 'Thing', type: 'Listed', id, value: { thingId: id } }))
      }
      const found = await everyPage(bench, 3)
      expect(found.filter((id) => ids.includes(id)).sort()).to.deep.equal([...ids].sort())
      expect(new Set(found).size).to.equal(found.length)
    },
  },
  {
    name: 'entity_ids_of_nothing',
    asserts: 'a type with no entities has an empty page',
    async run(bench) {
      const { items, count } = await bench.provider.events.searchEntitiesIDs(bench.config, 10, undefined, 'Nothing')
      expect({ items, count }).to.deep.equal({ items: [], count: 0 })
    },
  },
]

/** Reads until a page is empty. */
async function everyPage(bench: Bench, limit: number): Promise<string[]> {
  const found: string[] = []
  for (let cursor: Record<string, string> | undefined; ;) {
    const page = await bench.provider.events.searchEntitiesIDs(bench.config, limit, cursor, 'Thing')
    if (page.items.length === 0) return found
    expect(page.items.length).to.be.at.most(limit)
    expect(page.count).to.equal(page.items.length)
    found.push(...page.items.map(({ entityID }) => String(entityID)))
    cursor = page.cursor
  }
}
