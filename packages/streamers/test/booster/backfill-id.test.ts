import type { EventEnvelope } from '@boostercloud/framework-types'
import { expect } from 'chai'
import fc from 'fast-check'
import { withStableIds } from '../../src/booster/replay/backfill-id'

const envelope = (own: object = {}): EventEnvelope =>
  ({
    kind: 'event',
    typeName: 'PostCreated',
    entityTypeName: 'Post',
    entityID: 'p1',
    createdAt: '2026-01-01T00:00:00.000Z',
    value: { postId: 'p1', title: 'Hello' },
    ...own,
  }) as unknown as EventEnvelope

const idsOf = (envelopes: readonly EventEnvelope[], appName = 'blog'): string[] =>
  withStableIds(appName, envelopes).map(({ streamsId }) => streamsId)

describe('ids for what is backfilled', () => {
  it('are the same in every run, and UUIDs of version 5', () => {
    const [id] = idsOf([envelope()])
    expect(id).to.equal('58a7c93f-7162-582d-84c9-d6ee18289a52')
    expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(idsOf([envelope()])).to.deep.equal([id])
  })

  it('are the event’s own where it has one', () => {
    expect(idsOf([envelope({ streamsId: 'its-own' })])).to.deep.equal(['its-own'])
  })

  it('differ by app, class, entity, moment and fields', () => {
    const others = [
      { typeName: 'PostDeleted' },
      { entityTypeName: 'Page' },
      { entityID: 'p2' },
      { createdAt: '2026-01-01T00:00:00.001Z' },
      { value: { postId: 'p1', title: 'Hello!' } },
    ]
    const ids = [
      ...idsOf([envelope()]),
      ...idsOf([envelope()], 'shop'),
      ...others.flatMap((own) => idsOf([envelope(own)])),
    ]
    expect(new Set(ids).size).to.equal(ids.length)
  })

  it('belong to each event whatever the store’s order within a moment, and are never shared', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 12 }), fc.nat(), (titles, seed) => {
        const events = titles.map((title) => envelope({ value: { title } }))
        const turned = events.map((_, index) => events[(index + seed) % events.length])
        const ids = idsOf(events)
        expect(new Set(ids).size).to.equal(ids.length)
        expect(idsOf(turned).sort()).to.deep.equal([...ids].sort())
      })
    )
  })
})
