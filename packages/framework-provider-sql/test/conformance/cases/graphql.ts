import { expect } from 'chai'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'
import { eventually } from '../../../../streamers/test/support/eventually'
import { numbers } from '../numbers'

interface View {
  readonly id: string
  readonly count: number
  readonly steps: number[]
  readonly label: string
}

const COUNT = `mutation ($id: ID!, $step: Float!, $label: String!) {
  Count(input: { counterId: $id, step: $step, label: $label })
}`
const VIEW = `query ($id: ID!) { CounterView(id: $id) { id count steps label } }`
const LIST = `query ($filter: ListCounterViewFilter, $sortBy: CounterViewSortBy, $limit: Int, $afterCursor: JSON) {
  ListCounterViews(filter: $filter, sortBy: $sortBy, limit: $limit, afterCursor: $afterCursor) {
    items { id count label } count cursor
  }
}`
const EVENTS = `query ($id: ID!, $limit: Int) {
  eventsByEntity(entity: Counter, entityID: $id, limit: $limit) { type entity entityID value }
}`

export const graphqlCases: readonly ConformanceCase[] = [
  {
    name: 'graphql_command_to_read_model',
    asserts: 'a command over HTTP ends up in the read model that a query gives',
    async run(bench) {
      const id = bench.unique('counter')
      expect(await count(bench, id, 5, 'http')).to.equal(true)
      expect(await viewOnce(bench, id, 1)).to.deep.equal({ id, count: 1, steps: [5], label: 'http' })
    },
  },
  {
    name: 'graphql_commands_in_a_row',
    asserts: 'commands on one entity, each sent after the answer to the one before, are all in the read model in order',
    async run(bench) {
      const id = bench.unique('counter')
      for (const step of numbers(20)) await count(bench, id, step, '')
      expect((await viewOnce(bench, id, 20)).steps).to.deep.equal(numbers(20))
    },
  },
  {
    name: 'graphql_command_that_fails',
    asserts: 'a command that throws answers with its error, and stores nothing',
    async run(bench) {
      const before = await bench.steps('refused')
      const { errors } = await bench.graphQL('mutation { Refuse(input: { reason: "no" }) }')
      expect(errors?.[0]?.message).to.equal('Refused: no')
      expect(await bench.steps('refused')).to.deep.equal(before)
    },
  },
  {
    name: 'graphql_what_is_not_understood',
    asserts: 'a query that the schema does not have answers with errors',
    async run(bench) {
      expect((await bench.graphQL('{ Nothing { id } }')).errors).to.not.be.empty
      expect((await bench.graphQL('')).errors).to.not.be.empty
    },
  },
  {
    name: 'graphql_list',
    asserts: 'a list is filtered, sorted and paged',
    async run(bench) {
      const label = bench.unique('label')
      const ids = numbers(5).map((index) => `${label}-${index}`)
      for (const id of ids) await count(bench, id, 1, label)
      for (const id of ids) await viewOnce(bench, id, 1)
      const first = await list(bench, { filter: { label: { eq: label } }, sortBy: { id: 'DESC' }, limit: 3 })
      const second = await list(bench, {
        filter: { label: { eq: label } },
        sortBy: { id: 'DESC' },
        limit: 3,
        afterCursor: first.cursor,
      })
      const found = [...first.items, ...second.items].map(({ id }) => id)
      expect([first.items.length, first.count]).to.deep.equal([3, 3])
      expect(found).to.deep.equal([...ids].reverse())
    },
  },
  {
    name: 'graphql_list_by_several_operators',
    asserts: 'a filter of a query may have several operators for one field, and be combined',
    async run(bench) {
      const label = bench.unique('label')
      for (const index of numbers(3)) {
        for (const step of numbers(index + 1)) await count(bench, `${label}-${index}`, step, label)
        await viewOnce(bench, `${label}-${index}`, index + 1)
      }
      const filter = { and: [{ label: { eq: label } }, { count: { gt: 1, lt: 3 } }] }
      const { items } = await list(bench, { filter })
      expect(items.map(({ id }) => id)).to.deep.equal([`${label}-1`])
    },
  },
  {
    name: 'graphql_events',
    asserts: 'the events of an entity are found over GraphQL, newest first',
    async run(bench) {
      const id = bench.unique('counter')
      for (const step of numbers(3)) {
        await count(bench, id, step, '')
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
      interface Found {
        eventsByEntity: { type: string; entity: string; entityID: string; value: { step: number } }[]
      }
      const { data } = await bench.graphQL<Found>(EVENTS, { id, limit: 2 })
      const found = data.eventsByEntity
      expect(found.map(({ value }) => value.step)).to.deep.equal([2, 1])
      expect(found[0]).to.deep.include({ type: 'Counted', entity: 'Counter', entityID: id })
    },
  },
]

async function count(bench: Bench, id: string, step: number, label: string): Promise<boolean | undefined> {
  const { data, errors } = await bench.graphQL<{ Count: boolean }>(COUNT, { id, step, label })
  if (errors) throw new Error(errors[0]?.message)
  return data.Count
}

/** What the query gives once so many steps are in it. */
async function viewOnce(bench: Bench, id: string, steps: number): Promise<View> {
  const view = async (): Promise<View | null> =>
    (await bench.graphQL<{ CounterView: View | null }>(VIEW, { id })).data.CounterView
  await eventually(async () => ((await view())?.count ?? 0) >= steps, view)
  return (await view()) as View
}

async function list(bench: Bench, variables: object): Promise<{ items: View[]; count: number; cursor: unknown }> {
  interface Listed {
    ListCounterViews: { items: View[]; count: number; cursor: unknown }
  }
  const { data, errors } = await bench.graphQL<Listed>(LIST, variables)
  if (errors) throw new Error(errors[0]?.message)
  return data.ListCounterViews
}
