import { expect } from 'chai'
import type { EventEnvelope, EventSearchParameters } from '@boostercloud/framework-types'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'
import { atOneInstant } from '../at-one-instant'

export const eventSearchCases: readonly ConformanceCase[] = [
  {
    name: 'search_events_by_entity_and_id',
    asserts: 'a search by entity and id finds the events of that entity, newest first',
    async run(bench) {
      const { id } = await threeFinds(bench)
      expect(await texts(bench, { entity: 'Find', entityID: id })).to.deep.equal(['c', 'b', 'a'])
    },
  },
  {
    name: 'search_events_by_entity',
    asserts: 'a search by entity finds the events of every entity of that type',
    async run(bench) {
      const { events } = await threeFinds(bench)
      const { events: others } = await threeFinds(bench)
      const found = await texts(bench, { entity: 'Find', from: events[0]?.createdAt, to: others[2]?.createdAt })
      expect(found).to.deep.equal(['c', 'b', 'a', 'c', 'b', 'a'])
    },
  },
  {
    name: 'search_events_by_type',
    asserts: 'a search by type finds the events of that type, and no others',
    async run(bench) {
      const { events } = await threeFinds(bench)
      const time = { from: events[0]?.createdAt, to: events[2]?.createdAt }
      expect(await texts(bench, { type: 'Found', ...time })).to.deep.equal(['c', 'b', 'a'])
      expect(await texts(bench, { type: 'Nothing', ...time })).to.deep.equal([])
    },
  },
  {
    name: 'search_events_within_times',
    asserts: 'from and to are both included',
    async run(bench) {
      const { id, events } = await threeFinds(bench)
      const of = { entity: 'Find', entityID: id }
      const second = events[1]?.createdAt
      expect(await texts(bench, { ...of, from: second })).to.deep.equal(['c', 'b'])
      expect(await texts(bench, { ...of, to: second })).to.deep.equal(['b', 'a'])
      expect(await texts(bench, { ...of, from: second, to: second })).to.deep.equal(['b'])
    },
  },
  {
    name: 'search_events_within_whole_seconds',
    asserts: 'times that a user writes with other digits than the store are understood as times',
    async run(bench) {
      const { id } = await threeFinds(bench)
      const of = { entity: 'Find', entityID: id }
      const day = 24 * 3_600_000
      const seconds = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
      const [before, after] = [seconds(Date.now() - day), seconds(Date.now() + day)]
      expect(await texts(bench, { ...of, from: before, to: after })).to.deep.equal(['c', 'b', 'a'])
      expect(await texts(bench, { ...of, from: after })).to.deep.equal([])
    },
  },
  {
    name: 'search_events_up_to_a_limit',
    asserts: 'a search with a limit finds the newest',
    async run(bench) {
      const { id } = await threeFinds(bench)
      expect(await texts(bench, { entity: 'Find', entityID: id, limit: 2 })).to.deep.equal(['c', 'b'])
    },
  },
  {
    name: 'search_events_tells_what_happened',
    asserts: 'what is found has type, entity, id, request, user, time and value, and nothing else',
    async run(bench) {
      const id = bench.unique('find')
      const user = { username: 'ann', roles: [], claims: {} }
      const value = { findId: id, text: 'a' }
      const given = bench.event({ entity: 'Find', type: 'Found', id, value, more: { currentUser: user } })
      const [stored] = await bench.store(given)
      const [found] = await bench.provider.events.search(bench.config, { entity: 'Find', entityID: id })
      const { requestID } = given
      const createdAt = stored?.createdAt
      expect(found).to.deep.equal({ type: 'Found', entity: 'Find', entityID: id, requestID, user, createdAt, value })
    },
  },
  {
    name: 'search_events_of_one_millisecond',
    asserts: 'events of one millisecond are found newest first too',
    async run(bench) {
      const id = bench.unique('find')
      const letters = [...'abcdefghijklmnopqrst']
      await atOneInstant(async () => {
        for (const text of letters) await bench.store(find(bench, id, text))
      })
      expect(await texts(bench, { entity: 'Find', entityID: id })).to.deep.equal(letters.reverse())
    },
  },
]

function find(bench: Bench, id: string, text: string): ReturnType<Bench['event']> {
  return bench.event({ entity: 'Find', type: 'Found', id, value: { findId: id, text } })
}

/** Three events of one entity, in three milliseconds. */
async function threeFinds(bench: Bench): Promise<{ id: string; events: EventEnvelope[] }> {
  const id = bench.unique('find')
  const events: EventEnvelope[] = []
  for (const text of ['a', 'b', 'c']) {
    await new Promise((resolve) => setTimeout(resolve, 3))
    events.push(...(await bench.store(find(bench, id, text))))
  }
  return { id, events }
}

async function texts(bench: Bench, parameters: EventSearchParameters): Promise<string[]> {
  const found = await bench.provider.events.search(bench.config, parameters)
  return found.map(({ value }) => (value as unknown as { text: string }).text)
}
