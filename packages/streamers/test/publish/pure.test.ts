import { expect } from 'chai'
import fc from 'fast-check'
import { RegistrationIds, sortMarks, upToKnown } from '../../src/publish'
import type { StoredEvent } from '../../src/publish'
import { mark } from '../support/records'

describe('registration ids', () => {
  it('gives the same registrations the same ids until they are stored', () => {
    const ids = new RegistrationIds()
    const object = {}
    const call = [
      { requestId: 'r', object },
      { requestId: 'r', object },
    ]
    const first = ids.idsFor(call)
    expect(ids.idsFor(call)).to.deep.equal(first)
    expect(first[0]).not.to.equal(first[1])
    ids.stored(call)
    const second = ids.idsFor(call)
    expect(new Set([...first, ...second]).size).to.equal(4)
  })

  it('tells requests apart', () => {
    const ids = new RegistrationIds()
    const object = {}
    expect(ids.idsFor([{ requestId: 'a', object }])).not.to.deep.equal(ids.idsFor([{ requestId: 'b', object }]))
  })

  it('never gives an id twice, whatever is registered', () => {
    const objects = [{}, {}, {}]
    const call = fc.array(fc.record({ requestId: fc.constantFrom('a', 'b'), object: fc.constantFrom(...objects) }))
    fc.assert(
      fc.property(fc.array(call), (calls) => {
        const ids = new RegistrationIds()
        const given = calls.flatMap((registrations) => {
          const ofCall = ids.idsFor(registrations)
          ids.stored(registrations)
          return ofCall
        })
        expect(new Set(given).size).to.equal(given.length)
      })
    )
  })
})

describe('sorting marks', () => {
  const event = (id: string): StoredEvent => ({ id }) as StoredEvent
  const situation = fc.array(
    fc.record({ entityId: fc.constantFrom('p', 'q', 'r'), fate: fc.constantFrom('stored', 'storing', 'never') })
  )

  it('lets nothing pass one of its entity that waits, and loses nothing', () => {
    fc.assert(
      fc.property(situation, (events) => {
        const marks = events.map(({ entityId }, index) => mark({ id: String(index), entityId }))
        const fateOf = (id: string): string => events[Number(id)].fate
        const stored = marks.filter(({ id }) => fateOf(id) === 'stored')
        const sorted = sortMarks(marks, new Map(stored.map(({ id }) => [id, event(id)])), ({ id }) =>
          fateOf(id) === 'never' ? 'orphaned' : 'waiting'
        )
        const ready = sorted.ready.map((one) => one.mark)
        const all = [...ready, ...sorted.orphaned, ...sorted.waiting].map(({ id }) => Number(id))
        expect(all.sort((a, b) => a - b)).to.deep.equal(events.map((_, index) => index))
        for (const entity of ['p', 'q', 'r']) {
          const firstStoring = marks.findIndex(({ id, entityId }) => entityId === entity && fateOf(id) === 'storing')
          const passed = ready.filter(
            ({ entityId, id }) => entityId === entity && firstStoring >= 0 && Number(id) > firstStoring
          )
          expect(passed).to.deep.equal([])
        }
        const places = ready.map(({ id }) => Number(id))
        expect(places).to.deep.equal([...places].sort((a, b) => a - b))
      })
    )
  })

  it('publishes what two commands at once have stored in the order of the store, not of the marks', () => {
    const marks = ['a1', 'a2', 'b1', 'b2'].map((id) => mark({ id, entityId: 'p' }))
    const other = mark({ id: 'other', entityId: 'q' })
    const times = { a1: 1, b1: 2, a2: 3, b2: 4, other: 0 }
    const stored = Object.entries(times).map(([id, storedAt]): [string, StoredEvent] => [
      id,
      { ...event(id), storedAt },
    ])
    const sorted = sortMarks([marks[0], other, ...marks.slice(1)], new Map(stored), () => 'waiting')
    expect(sorted.ready.map((one) => one.mark.id)).to.deep.equal(['a1', 'other', 'b1', 'a2', 'b2'])
    expect(sorted.ready.map((one) => one.event.id)).to.deep.equal(['a1', 'other', 'b1', 'a2', 'b2'])
  })

  it('keeps the order of the marks where an event does not tell when it was stored', () => {
    const marks = ['late', 'untold', 'early'].map((id) => mark({ id, entityId: 'p' }))
    const stored: [string, StoredEvent][] = [
      ['late', { ...event('late'), storedAt: 2 }],
      ['untold', event('untold')],
      ['early', { ...event('early'), storedAt: 1 }],
    ]
    const sorted = sortMarks(marks, new Map(stored), () => 'waiting')
    expect(sorted.ready.map((one) => one.mark.id)).to.deep.equal(['late', 'untold', 'early'])
  })

  it('lets each entity go up to the last event that was known before its marks were read', () => {
    const marks = ['a', 'b', 'c'].map((id) => mark({ id, entityId: 'p' }))
    const ready = [...marks, mark({ id: 'other', entityId: 'q' })].map((one) => ({ mark: one, event: event(one.id) }))
    const known = upToKnown(ready, ({ id }) => id === 'b')
    expect(known.map((one) => one.event.id)).to.deep.equal(['a', 'b'])
    expect(upToKnown(ready, () => true)).to.deep.equal(ready)
    expect(upToKnown(ready, () => false)).to.deep.equal([])
  })

  it('publishes what is stored behind an orphan', () => {
    const marks = [mark({ id: 'gone' }), mark({ id: 'here' })]
    const sorted = sortMarks(marks, new Map([['here', event('here')]]), () => 'orphaned')
    expect(sorted.ready.map((one) => one.mark.id)).to.deep.equal(['here'])
    expect(sorted.orphaned.map(({ id }) => id)).to.deep.equal(['gone'])
  })
})
