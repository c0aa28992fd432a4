import { OptimisticConcurrencyUnexpectedVersionError } from '@boostercloud/framework-types'
import type { ReadModelInterface, UUID } from '@boostercloud/framework-types'
import { expect } from 'chai'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'
import { numbers } from '../numbers'

export const readModelCases: readonly ConformanceCase[] = [
  {
    name: 'read_model_comes_back',
    asserts: 'a read model is fetched as it was stored, its metadata included',
    async run(bench) {
      const type = bench.unique('Model')
      const fields = { id: 'a', text: 'Grüße \u0000 "\'', deep: { list: [1, { x: null }] }, no: false, zero: 0 }
      await bench.put(type, fields)
      const boosterMetadata = { version: 1, schemaVersion: 1 }
      expect(await bench.get(type, 'a')).to.deep.equal({ ...fields, boosterMetadata })
    },
  },
  {
    name: 'read_model_absent',
    asserts: 'fetching what is not there gives one undefined, or none',
    async run(bench) {
      const found = await bench.provider.readModels.fetch(bench.config, bench.unique('Model'), 'none')
      expect([...found].filter((each) => each !== undefined && each !== null)).to.deep.equal([])
    },
  },
  {
    name: 'read_model_of_its_type_only',
    asserts: 'read models of two types may have one id',
    async run(bench) {
      const [one, two] = [bench.unique('Model'), bench.unique('Model')]
      await bench.put(one, { id: 'a', text: 'one' })
      await bench.put(two, { id: 'a', text: 'two' })
      expect([(await bench.get(one, 'a'))?.text, (await bench.get(two, 'a'))?.text]).to.deep.equal(['one', 'two'])
    },
  },
  {
    name: 'read_model_is_replaced',
    asserts: 'a new version replaces the one before: fields that it has no longer are gone',
    async run(bench) {
      const type = bench.unique('Model')
      await bench.put(type, { id: 'a', old: 1 })
      await bench.put(type, { id: 'a', fresh: 2 }, 2)
      expect(await bench.get(type, 'a')).to.deep.equal({
        id: 'a',
        fresh: 2,
        boosterMetadata: { version: 2, schemaVersion: 1 },
      })
      expect((await bench.provider.readModels.search(bench.config, type, {})) as unknown[]).to.have.length(1)
    },
  },
  {
    name: 'read_model_is_deleted',
    asserts: 'a deleted read model is gone, others of its type are not, and it can be made anew',
    async run(bench) {
      const type = bench.unique('Model')
      await bench.put(type, { id: 'a' })
      await bench.put(type, { id: 'b' })
      await bench.provider.readModels.delete(bench.config, type, await bench.get(type, 'a'))
      expect(await bench.get(type, 'a')).to.equal(undefined)
      expect((await bench.get(type, 'b'))?.id).to.equal('b')
      await bench.put(type, { id: 'a', again: true })
      expect((await bench.get(type, 'a'))?.again).to.equal(true)
    },
  },
  {
    name: 'read_model_delete_of_nothing',
    asserts: 'deleting a read model that is not there resolves',
    async run(bench) {
      const nothing = { id: 'none' as UUID } as ReadModelInterface
      await bench.provider.readModels.delete(bench.config, bench.unique('Model'), nothing)
    },
  },
  {
    name: 'read_model_any_name_of_a_field',
    asserts: 'the name of a field in a read model may have dots, quotes and a dollar',
    async run(bench) {
      const type = bench.unique('Model')
      const map = { 'a.b': 1, $c: 2, 'd"e\'f': 3 }
      await bench.put(type, { id: 'a', map })
      expect((await bench.get(type, 'a'))?.map).to.deep.equal(map)
    },
  },
  {
    name: 'raw_read_models_are_envelopes',
    asserts: 'rawToEnvelopes gives the envelopes of what the notifier is given',
    async run(bench) {
      const raw = [{ typeName: 'Model', value: { id: 'a' } }]
      expect(await bench.provider.readModels.rawToEnvelopes(bench.config, raw)).to.deep.equal(raw)
    },
  },
]

export const concurrencyCases: readonly ConformanceCase[] = [
  {
    name: 'concurrency_wrong_version',
    asserts: 'an update that expects another version than the stored one is refused, and changes nothing',
    async run(bench) {
      const type = bench.unique('Model')
      await bench.put(type, { id: 'a', text: 'one' })
      await bench.put(type, { id: 'a', text: 'two' }, 2)
      await refused(bench.put(type, { id: 'a', text: 'late' }, 2))
      await refused(bench.put(type, { id: 'a', text: 'early' }, 5))
      expect((await bench.get(type, 'a'))?.text).to.equal('two')
    },
  },
  {
    name: 'concurrency_made_twice',
    asserts: 'a read model that is there is not made a second time, whatever its version',
    async run(bench) {
      const type = bench.unique('Model')
      await bench.put(type, { id: 'a', text: 'one' })
      await refused(bench.put(type, { id: 'a', text: 'again' }))
      await bench.put(type, { id: 'a', text: 'two' }, 2)
      await refused(bench.put(type, { id: 'a', text: 'again' }))
      const all = await bench.provider.readModels.search(bench.config, type, {})
      expect((all as ReadModelInterface[]).map(({ text }) => text)).to.deep.equal(['two'])
    },
  },
  {
    name: 'concurrency_update_of_a_deleted_one',
    asserts: 'an update of what was deleted meanwhile is refused',
    async run(bench) {
      const type = bench.unique('Model')
      await bench.put(type, { id: 'a' })
      await bench.provider.readModels.delete(bench.config, type, await bench.get(type, 'a'))
      await refused(bench.put(type, { id: 'a' }, 2))
      expect(await bench.get(type, 'a')).to.equal(undefined)
    },
  },
  {
    name: 'concurrency_one_maker_wins',
    asserts: 'of many that make one read model at once, one does, and the others are refused',
    async run(bench) {
      const type = bench.unique('Model')
      const outcomes = await outcomesOf(numbers(20).map((by) => bench.put(type, { id: 'a', by })))
      expect(outcomes.filter((outcome) => outcome === 'stored')).to.have.length(1)
      expect((await bench.get(type, 'a'))?.by).to.equal(outcomes.indexOf('stored'))
    },
  },
  {
    name: 'concurrency_one_update_wins',
    asserts: 'of many that update one version at once, one does, and the others are refused',
    async run(bench) {
      const type = bench.unique('Model')
      await bench.put(type, { id: 'a' })
      const outcomes = await outcomesOf(numbers(20).map((by) => bench.put(type, { id: 'a', by }, 2)))
      expect(outcomes.filter((outcome) => outcome === 'stored')).to.have.length(1)
      expect((await bench.get(type, 'a'))?.by).to.equal(outcomes.indexOf('stored'))
    },
  },
  {
    name: 'concurrency_counts_right',
    asserts: 'many that add one to a read model, each trying again when refused, lose nothing',
    async run(bench) {
      const type = bench.unique('Model')
      await bench.put(type, { id: 'a', count: 0 })
      await Promise.all(numbers(10).map(() => addOne(bench, type)))
      expect(await bench.get(type, 'a')).to.deep.include({ count: 10 })
    },
  },
  {
    name: 'concurrency_not_asked_for',
    asserts: 'without an expected version a read model is stored, whatever is there',
    async run(bench) {
      const type = bench.unique('Model')
      for (const version of [3, 7]) {
        const readModel = { id: 'a', boosterMetadata: { version, schemaVersion: 1 } } as unknown as ReadModelInterface
        await bench.provider.readModels.store(bench.config, type, readModel)
      }
      expect((await bench.get(type, 'a'))?.boosterMetadata?.version).to.equal(7)
    },
  },
]

async function refused(stored: Promise<unknown>): Promise<void> {
  expect(await outcomesOf([stored])).to.deep.equal(['refused'])
}

/** Rejects where something other than the version was wrong. */
async function outcomesOf(stores: Promise<unknown>[]): Promise<('stored' | 'refused')[]> {
  const settled = await Promise.allSettled(stores)
  return settled.map((each) => {
    if (each.status === 'fulfilled') return 'stored'
    if (each.reason instanceof OptimisticConcurrencyUnexpectedVersionError) return 'refused'
    throw each.reason
  })
}

async function addOne(bench: Bench, type: string): Promise<void> {
  for (;;) {
    const now = await bench.get(type, 'a')
    const version = (now?.boosterMetadata?.version ?? 0) + 1
    const [outcome] = await outcomesOf([bench.put(type, { id: 'a', count: Number(now?.count) + 1 }, version)])
    if (outcome === 'stored') return
  }
}
