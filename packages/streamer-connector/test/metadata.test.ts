import * as copy from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { metadataOf, metadataToPublish, newEventId, withMetadata } from '../src'

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

class PostCreated {
  public constructor(readonly postId: string) {}
  public entityID(): string {
    return this.postId
  }
}

describe('metadata beside an event', () => {
  it('is what was put there, and leaves the event as it was', () => {
    const event = Object.freeze(new PostCreated('1'))
    expect(metadataOf(event)).to.equal(undefined)
    expect(withMetadata(event, { id: 'a' })).to.equal(event)
    expect(metadataOf(event)).to.deep.equal({ id: 'a' })
    expect(Reflect.ownKeys(event)).to.deep.equal(['postId'])
  })

  it('takes the place of what was there', () => {
    const event = withMetadata(new PostCreated('1'), { id: 'a', key: 'k' })
    withMetadata(event, { id: 'b' })
    expect(metadataOf(event)).to.deep.equal({ id: 'b' })
  })

  it('belongs to one object, not to its like', () => {
    const event = withMetadata(new PostCreated('1'), { id: 'a' })
    expect(metadataOf({ ...event })).to.equal(undefined)
  })

  it('is asked of anything', () => {
    for (const nothing of [undefined, null, 'text', 7, {}, [], () => undefined]) {
      expect(metadataOf(nothing)).to.equal(undefined)
    }
  })

  it('is seen by other copies of the package', () => {
    expect(copy.metadataOf).to.not.equal(metadataOf)
    const event = withMetadata(new PostCreated('1'), { id: 'a' })
    expect(copy.metadataOf(event)).to.deep.equal({ id: 'a' })
    expect(metadataOf(copy.withMetadata({}, { id: 'b' }))).to.deep.equal({ id: 'b' })
  })
})

describe('metadataToPublish', () => {
  it('is what stands beside the event, where it stands there', () => {
    const known = {
      id: 'id',
      type: 'Type',
      source: 'elsewhere',
      subject: 'subject',
      key: 'key',
      time: '2026-01-01T00:00:00.000Z',
      version: 3,
      traceparent: 'trace',
    }
    expect(metadataToPublish(withMetadata(new PostCreated('1'), known), 'here')).to.deep.equal(known)
  })

  it('is found on the object otherwise', () => {
    const before = Date.now()
    const metadata = metadataToPublish(new PostCreated('7'), 'here')
    expect(metadata).to.include({ type: 'PostCreated', source: 'here', subject: '7', key: '7' })
    expect(metadata.id).to.match(UUID_7)
    expect(Date.parse(metadata.time)).to.be.within(before, Date.now())
  })

  it('orders by what is known of the subject', () => {
    const event = withMetadata(new PostCreated('7'), { subject: '8' })
    expect(metadataToPublish(event, 'here')).to.include({ subject: '8', key: '8' })
  })

  it('has no key where there is no entity', () => {
    for (const event of [
      { text: 'plain' },
      { entityID: 'not a method' },
      new PostCreated(''),
      new PostCreated(undefined as never),
    ]) {
      const { key, subject } = metadataToPublish(event, 'here')
      expect([key, subject]).to.deep.equal([undefined, undefined])
    }
  })

  it("is typed by the object's class, whatever its fields are called, and not at all without one", () => {
    const typeOf = (event: object) => metadataToPublish(event, 'here').type
    expect(typeOf({ text: 'plain' })).to.equal(undefined)
    expect(typeOf(Object.create(null) as object)).to.equal(undefined)
    expect(typeOf(new (class {})())).to.equal(undefined)
    expect(typeOf({ constructor: { name: 'Other' } })).to.equal(undefined)
    expect(typeOf(Object.assign(new PostCreated('1'), { constructor: 'a firm' }))).to.equal('PostCreated')
  })

  it('leaves the event without metadata', () => {
    const event = new PostCreated('1')
    expect(metadataToPublish(event, 'here').id).to.not.equal(metadataToPublish(event, 'here').id)
    expect(metadataOf(event)).to.equal(undefined)
  })
})

describe('event ids', () => {
  it('are different, and sort by the time they were given', () => {
    const ids = Array.from({ length: 5_000 }, newEventId)
    expect(new Set(ids).size).to.equal(ids.length)
    expect([...ids].sort()).to.deep.equal(ids)
    expect(ids[0]).to.match(UUID_7)
  })
})
