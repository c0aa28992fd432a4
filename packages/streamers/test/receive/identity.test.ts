import { expect } from 'chai'
import type { EventMetadata, ExternalEvent } from '@boostercloud/streamer-connector'
import { identityOf, laneKey } from '../../src/receive/identity'
import type { Identity } from '../../src/receive/identity'
import { Received } from '../../src/receive/received'

const event = (metadata: EventMetadata, own: Partial<ExternalEvent> = {}): ExternalEvent => ({
  streamerId: 'main',
  streamerTopic: 'orders',
  eventId: '7',
  eventPayload: {},
  metadata,
  ...own,
})
const of = (one: ExternalEvent, stable: boolean): Identity => identityOf(one, 'main/orders', stable)

describe('what an event is known by', () => {
  it('is its source and id together, wherever it is', () => {
    const told = { id: '1', source: 'shop' }
    for (const stable of [true, false])
      expect(of(event(told, { positionId: 'p' }), stable)).to.deep.equal({ id: '1', source: 'shop' })
  })

  it("is one for an app's name as an earlier version wrote it, and as the URI that it is now", () => {
    const raw = of(event({ id: '1', source: 'my shop' }), false)
    expect(raw).to.deep.equal({ id: '1', source: 'my shop' })
    expect(of(event({ id: '1', source: 'my%20shop' }), false)).to.deep.equal(raw)
  })

  it('is text that every database keeps, and two where two texts differ', () => {
    const ids = ['a\u0000b', 'a\ud800', 'a\ud801', 'a\ufffd', 'json:"a\\u0000b"', 'a']
    const known = ids.map((id) => of(event({ id, source: 's' }), false).id)
    expect(new Set(known).size).to.equal(ids.length)
    for (const id of known) expect(id).to.match(/^[^\0\p{Surrogate}]*$/u)
    const lanes = ids.map((key) => laneKey(event({ key })))
    expect(lanes).to.deep.equal(known)
    expect(laneKey(event({}))).to.equal(undefined)
  })

  for (const [what, metadata] of [
    ['an id without a source', { id: '1' }],
    ['an id with an empty source', { id: '1', source: '' }],
    ['a source without an id', { source: 'shop' }],
    ['neither', {}],
  ] as const) {
    it(`is its place at the broker, with ${what}`, () => {
      const here = of(event(metadata, { positionId: 'p-1' }), false)
      expect(here).to.deep.equal(of(event(metadata, { positionId: 'p-1', eventId: 'another delivery' }), false))
      expect(here).not.to.deep.equal(of(event(metadata, { positionId: 'p-2' }), false))
      const received = new Received(event(metadata, { positionId: 'p-1' }), { streamerId: 'main', topic: 'orders' })
      expect(of(received, false)).to.deep.equal(here)
    })

    it(`is its position where the receiver keeps positions, with ${what}`, () => {
      expect(of(event(metadata), true)).to.deep.equal(of(event(metadata), true))
      expect(of(event(metadata), true)).not.to.deep.equal(of(event(metadata, { eventId: '8' }), true))
    })

    it(`is nothing else, with ${what}: two producers that both count from 1 do not stand in each other's way`, () => {
      expect(of(event(metadata), false)).not.to.deep.equal(of(event(metadata), false))
    })
  }
})
