import type { UUID } from '@boostercloud/framework-types'
import { OWN_VALUES } from '@boostercloud/streamer-testkit/conformance'
import type { OwnValue } from '@boostercloud/streamer-testkit/conformance'
import { expect } from 'chai'
import { eventually } from '../../../../streamers/test/support/eventually'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'

/** The values that connectors are held to, without those that only a class can say. */
const OF_JSON = OWN_VALUES.filter(({ value }) => typeof value() !== 'bigint')

const at = (year: number): Date => new Date(Date.UTC(year, 0, 31, 12))

/** What a provider gives back of what JSON does not have. */
export const valueCases: readonly ConformanceCase[] = [
  {
    name: 'values_dates_in_code',
    asserts:
      'reducers, projections and handlers are given a Date where the class has one, also in lists and nested classes',
    async run(bench) {
      const id = await lived(bench, 2026)
      await lived(bench, 2027, id)
      await untilGiven(bench, id, 2)
      const { given } = (await bench.get('MomentView', id)) as unknown as { given: string[] }
      expect(given[0]).to.equal('Date, Date, Date, undefined, undefined')
      expect(given[1]).to.equal('Date, Date, Date, Date, undefined')
      expect(given[2]).to.match(/^projection: Date, Date, (Date|undefined)$/)
      const memory = async (): Promise<unknown[]> => {
        const events = await bench.provider.events.forEntitySince(bench.config, 'Memory', `memory-of-${id}` as UUID)
        return events.map(({ value }) => (value as unknown as { given: string }).given)
      }
      await eventually(async () => (await memory()).length === 2, memory, 10_000)
      expect(await memory()).to.deep.equal(Array(2).fill('Date, Date, Date, undefined, undefined'))
    },
  },
  {
    name: 'values_dates_read',
    asserts: 'a Date comes back as one: from events, and from read models that are fetched or searched',
    async run(bench) {
      const id = await lived(bench, 2026)
      await untilGiven(bench, id, 1)
      const [event] = await bench.provider.events.forEntitySince(bench.config, 'Moment', id as UUID)
      expect((event.value as unknown as { at: Date }).at).to.deep.equal(at(2026))
      const [found] = await bench.provider.events.search(bench.config, { entity: 'Moment', entityID: id })
      expect((found.value as unknown as { at: Date }).at).to.deep.equal(at(2026))
      expect((await bench.get('MomentView', id))?.at).to.deep.equal(at(2026))
      const [searched] = await search(bench, { id: { eq: id } })
      expect(searched).to.deep.include({ at: at(2026), place: { name: 'here', since: at(1999) } })
    },
  },
  {
    name: 'values_dates_in_filters',
    asserts: 'filters and sorts compare Dates by their time',
    async run(bench) {
      const ids: string[] = []
      for (const year of [2001, 2003, 2002]) ids.push(await lived(bench, year))
      for (const id of ids) await untilGiven(bench, id, 1)
      const [first, third, second] = ids
      const among = async (filter: object, sort?: object): Promise<string[]> =>
        (await search(bench, { id: { in: ids }, ...filter }, sort)).map(({ id }) => String(id))
      expect(await among({ at: { eq: at(2002) } })).to.deep.equal([second])
      expect(await among({ at: { gt: at(2002) } })).to.deep.equal([third])
      expect(await among({ at: { lte: at(2001) } })).to.deep.equal([first])
      expect(await among({ at: { in: [at(2001), at(1990)] } })).to.deep.equal([first])
      expect(await among({}, { at: 'DESC' })).to.deep.equal([third, second, first])
    },
  },
  {
    name: 'values_dates_as_texts',
    asserts:
      'a time that was stored as text comes back as a Date where the class has one, and a Date as text where nobody says so',
    async run(bench) {
      const [id, type] = [bench.unique('moment'), bench.unique('Model')]
      const texts = { at: at(2026).toISOString(), place: { name: 'here', since: at(1999).toISOString() } }
      await bench.put('MomentView', { id, ...texts, given: [] })
      const dates = { at: at(2026), place: { name: 'here', since: at(1999) } }
      expect(await bench.get('MomentView', id)).to.deep.include(dates)
      expect((await search(bench, { id: { eq: id }, at: { gte: at(2026) } }))[0]).to.deep.include(dates)
      await bench.put(type, { id, ...dates })
      expect(await bench.get(type, id)).to.deep.include(texts)
    },
  },
  {
    name: 'values_dates_over_graphql',
    asserts: 'a Date is selected and filtered by over GraphQL',
    async run(bench) {
      const id = await lived(bench, 2026)
      await untilGiven(bench, id, 1)
      const query = `query ($at: Date) { ListMomentViews(filter: { id: { eq: "${id}" }, at: { gte: $at } }) { items { id at } } }`
      const answer = await bench.graphQL<{ ListMomentViews: { items: unknown[] } }>(query, { at: '2026-01-01' })
      expect(answer.errors).to.equal(undefined)
      const [item] = answer.data.ListMomentViews.items as { at: string }[]
      expect(item.at).to.match(/^2026-01-31/)
    },
  },
  {
    name: 'values_of_json',
    asserts: 'what JSON has comes back as it was, in events and in read models, fetched or searched',
    run: (bench) =>
      comesBack(
        bench,
        OF_JSON.filter(({ value }) => !saysItsForm(value()))
      ),
  },
  {
    name: 'values_that_say_their_form',
    asserts: 'bytes and a URL come back as what their toJSON says',
    run: (bench) =>
      comesBack(
        bench,
        OF_JSON.filter(({ value }) => saysItsForm(value()))
      ),
  },
  {
    name: 'values_bigint',
    asserts: 'a bigint is stored, and comes back as one',
    async run(bench) {
      const count = 2n ** 64n + 1n
      const id = await lived(bench, 2026, undefined, count)
      await untilGiven(bench, id, 1)
      const [event] = await bench.provider.events.forEntitySince(bench.config, 'Moment', id as UUID)
      expect((event.value as unknown as { count: bigint }).count).to.equal(count)
      const { given } = (await bench.get('MomentView', id)) as unknown as { given: string[] }
      expect(given[0]).to.contain('bigint')
    },
  },
]

/** A date does too, which a provider may keep. */
function saysItsForm(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'toJSON' in value && !(value instanceof Date)
}

async function comesBack(bench: Bench, all: readonly OwnValue[]): Promise<void> {
  const [id, type] = [bench.unique('counter'), bench.unique('Model')]
  const values = (): object[] => all.map(({ value }) => ({ value: value() }))
  await bench.store(bench.event({ id, value: { counterId: id, step: 1, label: '', values: values() } }))
  await bench.put(type, { id: 'a', values: values() })
  const { events, readModels } = bench.provider
  const found: Record<string, unknown> = {
    event: (await events.forEntitySince(bench.config, 'Counter', id as UUID))[0].value,
    'event searched': (await events.search(bench.config, { entity: 'Counter', entityID: id }))[0].value,
    'read model': await bench.get(type, 'a'),
    'read model searched': ((await readModels.search(bench.config, type, {})) as unknown[])[0],
  }
  for (const [where, of] of Object.entries(found)) {
    const got = (of as { values: { value: unknown }[] }).values.map(({ value }) => JSON.stringify(value))
    all.forEach((own, index) => {
      const arrives = 'arrives' in own ? own.arrives : own.value()
      expect(got[index], `${own.name} in the ${where}`).to.equal(JSON.stringify(arrives))
    })
  }
}

async function lived(bench: Bench, year: number, of?: string, count?: bigint): Promise<string> {
  const id = of ?? bench.unique('moment')
  const value = { momentId: id, at: at(year), others: [at(1990)], place: { name: 'here', since: at(1999) }, count }
  await bench.store(bench.event({ entity: 'Moment', type: 'Lived', id, value }))
  return id
}

async function untilGiven(bench: Bench, id: string, count: number): Promise<void> {
  const given = async (): Promise<string[]> =>
    ((await bench.get('MomentView', id)) as unknown as { given: string[] } | undefined)?.given ?? []
  await eventually(async () => (await given()).length === count + 1, given, 10_000)
}

async function search(bench: Bench, filters: object, sort?: object): Promise<Record<string, unknown>[]> {
  const found = await bench.provider.readModels.search(bench.config, 'MomentView', filters, sort as never)
  return found as unknown as Record<string, unknown>[]
}
