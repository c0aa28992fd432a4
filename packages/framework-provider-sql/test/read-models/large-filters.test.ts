import '../support/environment'
import type { ReadModelInterface } from '@boostercloud/framework-types'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import type { Database } from '../../src/database/database'
import { searchReadModels } from '../../src/read-models/search'
import { storeReadModel } from '../../src/read-models/write'
import { Opened } from '../support/opened'

const TYPE = 'Post'
const MODELS = [
  { id: '0', name: 'name 7', n: 7, done: true },
  { id: '1', name: 'name 70000', n: 0.5, done: false, note: null },
  { id: '2', name: "it's", n: -1, note: 'x' },
  { id: '3', n: '7' },
] as unknown as ReadModelInterface[]

const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))
const nested = (depth: number, inner: object, word: 'and' | 'or' | 'not'): object =>
  many(depth, (n) => n).reduce<object>((filter) => ({ [word]: word === 'not' ? filter : [filter] }), inner)

const CASES: readonly { readonly what: string; readonly filters: object; readonly found: readonly string[] }[] = [
  { what: '999 texts', filters: { name: { in: many(999, (n) => `name ${n}`) } }, found: ['0'] },
  { what: '100,000 texts', filters: { name: { in: many(100_000, (n) => `name ${n}`) } }, found: ['0', '1'] },
  { what: '100,000 numbers', filters: { n: { in: many(100_000, (n) => n - 10) } }, found: ['0', '2'] },
  {
    what: 'texts, numbers and what is neither',
    filters: { n: { in: [...many(2_000, (n) => n + 0.5), '7', null, true] } },
    found: ['1', '3'],
  },
  { what: 'null and false', filters: { note: { in: [null, false] } }, found: ['1'] },
  { what: 'nothing', filters: { n: { in: [] } }, found: [] },
  { what: 'one thing many times', filters: { n: { in: many(50_000, () => 7) } }, found: ['0'] },
  { what: 'what is not in 70,000', filters: { not: { n: { in: many(70_000, (n) => n) } } }, found: ['1', '2', '3'] },
  { what: '5,000 alternatives', filters: { or: many(5_000, (n) => ({ name: { eq: `name ${n}` } })) }, found: ['0'] },
  {
    what: '70,000 alternatives',
    filters: { or: many(70_001, (n) => ({ name: { eq: `name ${n}` } })) },
    found: ['0', '1'],
  },
  {
    what: '5,000 conditions',
    filters: { and: many(5_000, (n) => ({ n: { ne: n + 100 } })) },
    found: ['0', '1', '2', '3'],
  },
  { what: 'an or in an or, 150 deep', filters: nested(150, { n: { eq: 7 } }, 'or'), found: ['0'] },
  { what: 'an and in an and, 150 deep', filters: nested(150, { n: { eq: 7 } }, 'and'), found: ['0'] },
  { what: 'a not in a not, 150 deep', filters: nested(150, { n: { eq: 7 } }, 'not'), found: ['0'] },
  {
    what: 'a text of a million characters',
    filters: { name: { ne: 'x'.repeat(1_000_000) } },
    found: ['0', '1', '2', '3'],
  },
]

describe('a large filter', function () {
  this.timeout(300_000)

  describe('on SQLite', () => {
    for (const { what, filters, found } of CASES) {
      it(`finds what passes it: ${what}`, () =>
        inTempFolder(async (folder) => withModels({ folder }, async (database) => finds(database, filters, found))))
    }

    it('uses the index of the field for an in', () =>
      inTempFolder((folder) =>
        withModels({ folder, indexes: { [TYPE]: ['name'] } }, async (database) => {
          const plan = await database.query({
            sql: `EXPLAIN QUERY PLAN SELECT value FROM read_models WHERE type = 'Post' AND (${database.dialect
              .field(['name'])
              .isIn('?1')}) IS TRUE`.replace(') IS TRUE', ')'),
            values: ['["a"]'],
          })
          expect(JSON.stringify(plan)).to.include('read_models_by_')
        })
      ))

    it('is refused with a reason where it is nested without end', () =>
      inTempFolder((folder) =>
        withModels({ folder }, async (database) => {
          const thrown: unknown = await searchReadModels(database, {
            type: TYPE,
            filters: nested(3_000, { n: { eq: 7 } }, 'not'),
          }).catch((error: unknown) => error)
          expect(isStreamerError(thrown, 'OPTION_INVALID'), String(thrown)).to.equal(true)
        })
      ))
  })

  describeWithServer('postgres', (server) => {
    for (const { what, filters, found } of CASES) {
      it(`finds what passes it: ${what}`, () =>
        withModels({ url: server().url, schema: 'large_filters' }, async (database) => finds(database, filters, found)))
    }
  })
})

async function finds(database: Database, filters: object, found: readonly string[]): Promise<void> {
  const models = await searchReadModels(database, { type: TYPE, filters })
  expect(models.map(({ id }) => id)).to.deep.equal(found)
}

async function withModels(
  options: Parameters<typeof Opened.with>[0],
  work: (database: Database) => Promise<void>
): Promise<void> {
  const opened = await Opened.with(options)
  try {
    const { database } = opened
    const rows = MODELS.map((each) => storeReadModel(database, { type: TYPE, id: String(each.id), sequence: '' }, each))
    await database.transaction(rows)
    await work(database)
  } finally {
    await opened.close()
  }
}
