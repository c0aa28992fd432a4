import type { ReadModelInterface, SortFor } from '@boostercloud/framework-types'
import { expect } from 'chai'
import type { ConformanceCase } from '../conformance-case'
import { storedItems } from '../items'

/** A name, a sort, the order of the ids, and a filter. */
type Row = readonly [name: string, sort: object, ids: readonly string[], filter?: object]

const OWNED = { owner: { isDefined: true } }

const ROWS: readonly Row[] = [
  ['numbers', { size: 'ASC' }, ['apple', 'cherry', 'banana', 'Date']],
  ['numbers_down', { size: 'DESC' }, ['Date', 'banana', 'cherry', 'apple']],
  ['fractions', { ratio: 'ASC' }, ['cherry', 'apple', 'banana', 'Date']],
  ['text_by_code_units', { id: 'ASC' }, ['Date', 'apple', 'banana', 'cherry']],
  ['text_down', { id: 'DESC' }, ['cherry', 'banana', 'apple', 'Date']],
  ['nested', { owner: { age: 'ASC' } }, ['cherry', 'apple', 'banana'], OWNED],
  ['nested_twice', { owner: { address: { city: 'DESC' } } }, ['cherry', 'banana', 'apple'], OWNED],
  ['booleans_then_numbers', { ok: 'ASC', size: 'DESC' }, ['Date', 'banana', 'cherry', 'apple']],
  ['booleans_down_then_numbers', { ok: 'DESC', size: 'ASC' }, ['apple', 'cherry', 'banana', 'Date']],
  ['with_a_filter', { size: 'DESC' }, ['banana', 'cherry'], { size: { gt: 1, lt: 100 } }],
]

export const sortCases: readonly ConformanceCase[] = [
  ...ROWS.map(([name, sort, ids, filter = {}]): ConformanceCase => ({
    name: `sort_${name}`,
    asserts: `${JSON.stringify(sort)} gives ${ids.join(', ')}`,
    async run(bench) {
      const type = await storedItems(bench)
      const found = await bench.provider.readModels.search(bench.config, type, filter, sort as SortFor<unknown>)
      expect((found as ReadModelInterface[]).map(({ id }) => id)).to.deep.equal(ids)
    },
  })),
  {
    name: 'sort_keeps_what_lacks_the_field',
    asserts: 'a read model without the field is sorted among the others, not left out',
    async run(bench) {
      const type = await storedItems(bench)
      const found = await bench.provider.readModels.search(bench.config, type, {}, { note: 'ASC' } as SortFor<unknown>)
      expect(found).to.have.length(4)
    },
  },
]
