import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { UUID } from '@boostercloud/framework-types'
import type { ConformanceCase } from '../conformance-case'

/** What a store must give back as it was given. */
const AWKWARD = {
  quotes: `' " \` \\ /`,
  lines: 'a\nb\r\n\tc',
  unicode: 'Grüße 日本 😀 \u2028',
  nul: 'a\u0000b',
  lone: '\ud800',
  numbers: [0, -1, 0.1, 1e308, 9_007_199_254_740_991, -2.5e-7],
  empty: { object: {}, array: [], string: '', nothing: null, no: false },
  nested: [[{ a: [{ b: [1, [2]] }] }]],
  constructor: 'a name like those of objects',
}

export const eventCases: readonly ConformanceCase[] = [
  {
    name: 'events_are_returned_with_their_time',
    asserts: 'store resolves to the envelopes in the order given, each with a createdAt that is a time',
    async run(bench) {
      const id = bench.unique('counter')
      const stored = await bench.store(bench.step(id, 1), bench.step(id, 2))
      expect(stored.map(({ value }) => (value as unknown as { step: number }).step)).to.deep.equal([1, 2])
      for (const { createdAt } of stored) expect(Date.parse(createdAt)).to.be.closeTo(Date.now(), 60_000)
    },
  },
  {
    name: 'events_keep_what_they_carry',
    asserts:
      'an event comes back with every value that JSON can say, and with fields of the envelope that the core does not know',
    async run(bench) {
      const id = bench.unique('counter')
      const currentUser = { username: 'ann', roles: ['Admin'], claims: { 'a:b': 1 } }
      const value = { counterId: id, step: 1, label: '', awkward: AWKWARD }
      const requestID = randomUUID()
      await bench.store(bench.event({ id, value, more: { currentUser, requestID, streamsId: 'own' } }))
      const [event] = await bench.provider.events.forEntitySince(bench.config, 'Counter', id as UUID)
      expect(event?.value).to.deep.equal(value)
      expect(event).to.deep.include({ currentUser, requestID, streamsId: 'own', kind: 'event', version: 1 })
      expect(event).to.deep.include({
        entityID: id,
        entityTypeName: 'Counter',
        typeName: 'Counted',
        superKind: 'domain',
      })
    },
  },
  {
    name: 'events_keep_any_name_of_a_field',
    asserts: 'the name of a field in an event may have dots, quotes and a dollar',
    async run(bench) {
      const id = bench.unique('counter')
      const fields = { 'a.b': 1, $c: 2, '': 3, 'd"e\'f': 4 }
      await bench.store(bench.event({ id, value: { counterId: id, step: 1, label: '', fields } }))
      const [event] = await bench.provider.events.forEntitySince(bench.config, 'Counter', id as UUID)
      expect((event?.value as unknown as { fields: object }).fields).to.deep.equal(fields)
    },
  },
  {
    name: 'events_may_be_large',
    asserts: 'an event of a megabyte is stored and read',
    async run(bench) {
      const id = bench.unique('counter')
      const label = 'x'.repeat(1_000_000)
      await bench.store(bench.step(id, 1, label))
      const [event] = await bench.provider.events.forEntitySince(bench.config, 'Counter', id as UUID)
      expect((event?.value as unknown as { label: string }).label.length).to.equal(label.length)
    },
  },
  {
    name: 'events_of_an_entity_only',
    asserts: 'the events of an entity are those with its id and its type',
    async run(bench) {
      const id = bench.unique('shared')
      await bench.store(
        bench.step(id, 1),
        bench.step(bench.unique('other'), 2),
        bench.event({ entity: 'Find', type: 'Found', id, value: { findId: id, text: '' } })
      )
      expect(await bench.steps(id)).to.deep.equal([1])
    },
  },
  {
    name: 'events_since_a_time_are_the_later_ones',
    asserts: 'forEntitySince gives the events stored after the one whose createdAt it is given, and not that one',
    async run(bench) {
      const id = bench.unique('counter')
      await bench.store(bench.step(id, 1))
      const [second] = await bench.store(bench.step(id, 2))
      await later(second?.createdAt ?? '')
      await bench.store(bench.step(id, 3))
      expect(await bench.steps(id, second?.createdAt)).to.deep.equal([3])
      expect(await bench.steps(id, new Date(0).toISOString())).to.deep.equal([1, 2, 3])
    },
  },
  {
    name: 'events_of_nobody_are_none',
    asserts: 'an entity that has no events has an empty list of them',
    async run(bench) {
      expect(await bench.steps(bench.unique('nobody'))).to.deep.equal([])
    },
  },
  {
    name: 'events_none_to_store',
    asserts: 'storing no events resolves to none',
    async run(bench) {
      expect(await bench.store()).to.deep.equal([])
    },
  },
  {
    name: 'dispatched_once',
    asserts: 'storeDispatched answers true for an event the first time, and false from then on',
    async run(bench) {
      const [event] = await bench.store(bench.step(bench.unique('counter'), 1))
      if (!event) throw new Error('No event was stored.')
      expect(await bench.provider.events.storeDispatched({ ...event, id: 'dispatched' }, bench.config)).to.equal(true)
      expect(await bench.provider.events.storeDispatched({ ...event, id: 'dispatched' }, bench.config)).to.equal(false)
    },
  },
  {
    name: 'raw_events_are_envelopes',
    asserts: 'rawToEnvelopes gives the envelopes of what the dispatcher is given',
    async run(bench) {
      const stored = await bench.store(bench.step(bench.unique('counter'), 1))
      expect(bench.provider.events.rawToEnvelopes(stored)).to.deep.equal(stored)
    },
  },
]

/** Waits for the next millisecond after a time. */
async function later(time: string): Promise<void> {
  while (Date.now() <= Date.parse(time)) await new Promise((resolve) => setTimeout(resolve, 1))
}
