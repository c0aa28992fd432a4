import '../support/environment'
import { join } from 'node:path'
import type { ReadModelInterface } from '@boostercloud/framework-types'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import type { Database } from '../../src/database/database'
import { SqliteDatabase } from '../../src/database/sqlite-database'
import { matches, partsOf } from '../../src/read-models/matches'
import { searchReadModels } from '../../src/read-models/search'
import { storeReadModel } from '../../src/read-models/write'

const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'b',
  '10',
  '9',
  '%',
  '_',
  "'",
  '"',
  '\\',
  'ä',
  '😀',
  'a\u0000b',
  '\ud800',
  'true',
  'null',
]
const NUMBERS = [0, 1, -1, 0.5, 9, 10, 1e300, 9_007_199_254_740_991]

const text = fc.constantFrom(...TEXTS)
const number = fc.constantFrom(...NUMBERS)
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(fc.oneof(scalar, fc.record({ x: scalar, y: scalar })), { maxLength: 3 }) }
)
const fields = { a: value, b: value, c: fc.oneof(value, fc.record({ d: value, e: value }, { requiredKeys: [] })) }
const readModel = fc.record(fields, { requiredKeys: [] })

const operation = fc.oneof(
  fc.record({ eq: scalar }),
  fc.record({ ne: scalar }),
  fc.record({ in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ isDefined: fc.boolean() }),
  ...(['lt', 'lte', 'gt', 'gte'] as const).map((name) => fc.record({ [name]: fc.oneof(text, number) })),
  ...(['contains', 'beginsWith'] as const).map((name) => fc.record({ [name]: text })),
  fc.record({ regex: fc.constantFrom('^a', 'b$', '\\d', '.') }),
  fc.record({ includes: fc.oneof(scalar, fc.record({ x: scalar })) }),
  fc.record({ gte: number, lt: number }),
  fc.record({ beginsWith: text, contains: text, ne: text })
)
const { filter } = fc.letrec<{ filter: object }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record(
      { a: operation, b: operation, c: fc.oneof(operation, fc.record({ d: operation })) },
      { requiredKeys: [] }
    ),
    fc.record({ not: tie('filter') }),
    fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ a: operation, or: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }) })
  ),
}))

describe('searching read models', function () {
  this.timeout(120_000)

  it('finds on SQLite what passes the filter, whatever the filter', async () => {
    await inTempFolder(async (folder) => {
      const path = join(folder, 'store.sqlite')
      const database = await SqliteDatabase.open({ path, synchronous: 'NORMAL', holder: 'test' })
      try {
        await holds(database)
      } finally {
        await database.close()
      }
    })
  })
})

/** Each run has a type of its own, so that no run sees the read models of another. */
export async function holds(database: Database): Promise<void> {
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(readModel, { maxLength: 12 }),
      fc.array(filter, { minLength: 1, maxLength: 8 }),
      async (some, filters) => {
        const type = `Model${run++}`
        const models = some.map(
          (each, index) => ({ id: String(index).padStart(2, '0'), ...each }) as unknown as ReadModelInterface
        )
        await database.transaction(
          models.map((each) => storeReadModel(database, { type, id: String(each.id), sequence: '' }, each))
        )
        for (const one of filters) {
          const found = await searchReadModels(database, { type, filters: one })
          const parts = partsOf(one)
          const wanted = models.filter((each) => matches(parts, each))
          expect(found.map(({ id }) => id)).to.deep.equal(wanted.map(({ id }) => id))
        }
      }
    ),
    { numRuns: 200 }
  )
}
