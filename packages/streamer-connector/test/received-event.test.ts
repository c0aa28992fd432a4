import { inspect } from 'node:util'
import { expect } from 'chai'
import { StreamerError, cloudEvents, json, metadataOf, receivedEvent } from '../src'
import type { Codec } from '../src'
import { message } from './support/messages'
import { rejectedBy } from './support/thrown'

const FROM = { streamerId: 'main', topic: 'posts', eventId: '17' }
const WRAPPER = { streamerId: 'main', streamerTopic: 'posts', eventId: '17' }

/** A codec that reads nothing. */
function failing(thrown: unknown): Codec {
  return {
    ...json,
    name: 'failing',
    decode: () => Promise.reject(thrown as Error),
  }
}

describe('receivedEvent', () => {
  it('is what poll returns: the payload, its metadata beside it, and where it came from', async () => {
    const wire = message('{"postId":"1"}', { attributes: { id: 'a', type: 'PostCreated' }, key: '1' })
    const event = await receivedEvent(cloudEvents, wire, FROM)
    const metadata = { id: 'a', type: 'PostCreated', key: '1', headers: {}, raw: wire.body }
    expect(event).to.deep.equal({ ...WRAPPER, eventPayload: { postId: '1' }, metadata, message: wire })
    expect(metadataOf(event.eventPayload)).to.deep.equal(metadata)
  })

  it('has the place that the broker has for it', async () => {
    const place = { partition: '0', offset: 17 }
    expect(await receivedEvent(json, message('1'), { ...FROM, place })).to.deep.include({ place })
    expect(await receivedEvent(json, message('{'), { ...FROM, place })).to.deep.include({ place })
    expect(await receivedEvent(json, message('1'), FROM)).not.to.have.property('place')
  })

  it('holds payloads that are not objects', async () => {
    const event = await receivedEvent(json, message('"text"'), { streamerId: 'main', eventId: '1' })
    expect(event).to.include({ eventPayload: 'text', streamerTopic: undefined })
  })

  it('tells the codec the topic', async () => {
    const codec: Codec = { ...json, decode: (_, topic) => ({ payload: { topic }, metadata: {} }) }
    const event = await receivedEvent(codec, message(''), FROM)
    expect(event.eventPayload).to.deep.equal({ topic: 'posts' })
  })

  it('holds what cannot be decoded, with its bytes and the reason', async () => {
    const wire = message('{', {
      attributes: { id: 'a', source: 'blog', type: 'T', region: 'eu' },
      headers: { x: 'y' },
      key: 'k',
    })
    const { eventPayload, metadata, ...wrapper } = await receivedEvent(cloudEvents, wire, FROM)
    expect(wrapper).to.deep.equal({ ...WRAPPER, message: wire })
    expect(eventPayload).to.equal(undefined)
    expect(metadata).to.include({ id: 'a', source: 'blog', type: 'T', key: 'k', raw: wire.body })
    expect(metadata?.headers).to.include({ region: 'eu', x: 'y' })
    expect(metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')
  })

  const HOSTILE: Readonly<Record<string, unknown>> = {
    'a RangeError': new RangeError('of a secret'),
    'a text': 'a secret',
    nothing: undefined,
    null: null,
    'an object without prototype': Object.create(null),
    'an error whose members throw': new Proxy(new Error('a secret'), {
      get: (target, name) => {
        if (name === 'name' || name === 'stack') throw new Error('a secret')
        return Reflect.get(target, name) as unknown
      },
    }),
  }
  for (const [what, thrown] of Object.entries(HOSTILE)) {
    it(`holds what makes a codec throw ${what}, without its words, which may quote the payload`, async () => {
      const { metadata } = await receivedEvent(failing(thrown), message('{}'), FROM)
      const { undecodable } = metadata ?? {}
      expect(undecodable?.code).to.equal('EVENT_UNDECODABLE')
      expect(undecodable?.message).to.contain("The codec 'failing' failed")
      expect(inspect(undecodable, { depth: 10 })).not.to.contain('secret')
    })
  }

  it('says the class of what a codec threw, and where', async () => {
    const { metadata } = await receivedEvent(failing(new RangeError('of a secret')), message('{}'), FROM)
    expect(metadata?.undecodable?.message).to.contain('RangeError')
    expect((metadata?.undecodable?.cause as Error).stack).to.contain('received-event.test.ts')
  })

  it('rejects with what may pass', async () => {
    const away = new StreamerError('STREAMER_UNAVAILABLE', 'The registry is away.', { retryable: true })
    const rejected = await rejectedBy(
      Promise.resolve(receivedEvent(failing(away), message('{}'), FROM)),
      'STREAMER_UNAVAILABLE'
    )
    expect(rejected).to.equal(away)
  })

  it('is there at once where the codec needs nobody, also where it throws', async () => {
    const away = new StreamerError('STREAMER_UNAVAILABLE', 'The registry is away.', { retryable: true })
    const throwing = (error: Error): Codec => ({
      ...json,
      decode: () => {
        throw error
      },
    })
    expect(receivedEvent(json, message('1'), FROM)).to.have.property('eventPayload', 1)
    expect(receivedEvent(throwing(new Error('no')), message('1'), FROM)).to.have.nested.property('metadata.undecodable')
    const rejected = await rejectedBy(Promise.resolve(receivedEvent(throwing(away), message('1'), FROM)), away.code)
    expect(rejected).to.equal(away)
  })
})
