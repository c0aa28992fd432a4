import { expect } from 'chai'
import { existsSync, statSync } from 'node:fs'
import { json, withMetadata } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'
import { Note, field, notes } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { useTemporary } from '../support/temporary'

describe('publish', () => {
  const { streamer, path } = useTemporary()

  it('opens nothing before it is used, and then for its owner alone', async () => {
    const local = streamer()
    local.attach({ streamerId: 'main', appName: 'blog', environment: 'test' })
    expect(await local.health()).to.deep.equal({ healthy: true, details: { path: path(), open: false } })
    expect(existsSync(path())).to.equal(false)
    await local.publish(notes(1), 'posts')
    expect(statSync(path()).mode & 0o777).to.equal(0o700)
    for (const name of ['log.sqlite', 'doorbell']) expect(statSync(path(`log/${name}`)).mode & 0o777).to.equal(0o600)
    const { healthy, details } = await local.health()
    expect([healthy, details.open, details.doorbell, details.lastSequence]).to.deep.equal([true, true, true, 1])
  })

  it('carries an event with everything beside it', async () => {
    const local = streamer()
    local.attach({ streamerId: 'main', appName: 'blog', environment: 'test' })
    const metadata = {
      id: 'id-1',
      type: 'NoteTaken',
      version: 3,
      time: '2026-01-02T03:04:05.678Z',
      key: 'another key',
      correlationId: 'c',
      causationId: 'a',
      headers: { 'x-tenant': 'blue', __proto__x: 'y' },
    }
    await local.publish([withMetadata(new Note('hello', 1), metadata)], 'posts')
    const [event] = await local.poll('posts')
    expect(event).to.deep.include({ streamerId: 'main', streamerTopic: 'posts', eventPayload: { text: 'hello', n: 1 } })
    expect(event.metadata).to.deep.include({ ...metadata, source: 'blog', subject: 'note-1' })
  })

  it('names as source the option, else the service, else nobody', async () => {
    const [named, plain] = [streamer({ source: 'shop' }), streamer()]
    await plain.publish(notes(1), 'posts')
    for (const local of [named, plain]) local.attach({ streamerId: 'main', appName: 'blog', environment: 'test' })
    await named.publish(notes(1), 'posts')
    await plain.publish(notes(1), 'posts')
    const sources = (await plain.poll('posts')).map(({ metadata }) => metadata?.source)
    expect(sources).to.deep.equal(['unknown', 'shop', 'blog'])
  })

  it('keeps every character and every byte', async () => {
    const text = 'zero \0, é, 漢字, 🚀, \u2028, "quotes"\n'
    const local = streamer()
    await local.publish([new Note(text)], 'tøpic/with 🚀')
    expect(field(await local.poll('tøpic/with 🚀'), 'text')).to.deep.equal([text])
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const bytes: Codec = {
      name: 'bytes',
      encode: () => ({ body, contentEncoding: '8bit', attributes: {}, headers: { naïve: '\0' }, key: 'k\0ey' }),
      decode: (message) => ({ payload: message, metadata: {} }),
    }
    const binary = streamer({ codec: bytes })
    await binary.publish([new Note('')], 'binary')
    const [{ eventPayload }] = await binary.poll('binary')
    const beside = { contentType: undefined, contentEncoding: '8bit', attributes: {}, headers: { naïve: '\0' } }
    expect(eventPayload).to.deep.equal({ body, ...beside, key: 'k\0ey' })
  })

  it('uses the default topic where none is named, and refuses to guess where there is none', async () => {
    const local = streamer({ defaultTopic: 'posts' })
    await local.publish(notes(1))
    expect(await local.poll('posts')).to.have.length(1)
    expect([local.capabilities.topicRequired, local.capabilities.defaultTopic]).to.deep.equal([false, 'posts'])
    const without = streamer({ path: path('other') })
    expect(without.capabilities.topicRequired).to.equal(true)
    await rejection(without.publish(notes(1)), 'TOPIC_MISSING')
    await rejection(without.poll(), 'TOPIC_MISSING')
    await rejection(without.publish(notes(1), ''), 'TOPIC_MISSING')
    expect(existsSync(path('other'))).to.equal(false)
  })

  it('writes nothing of a batch in which one event is too large or has no JSON form', async () => {
    const local = streamer({ maxEventBytes: 600 })
    const large = new Note('x'.repeat(700), 1)
    const error = await rejection(local.publish([new Note('a'), large, new Note('b')], 'posts'), 'EVENT_TOO_LARGE')
    expect([error.at, error.retryable]).to.deep.equal(['Note', false])
    const circular = Object.assign(new Note('c'), { self: {} })
    circular.self = circular
    await rejection(local.publish([new Note('a'), circular], 'posts'), 'EVENT_NOT_ENCODABLE')
    expect(await local.poll('posts')).to.deep.equal([])
  })

  it('measures an event in encoded bytes, with its key and what stands beside it', async () => {
    const event = withMetadata(new Note('é'), { key: 'ключ', headers: { a: 'bc' } })
    const size = Buffer.byteLength(JSON.stringify(event) + 'ключ' + 'a' + 'bc' + 'application/json')
    await streamer({ codec: json, maxEventBytes: size }).publish([event], 'posts')
    await rejection(streamer({ codec: json, maxEventBytes: size - 1 }).publish([event], 'posts'), 'EVENT_TOO_LARGE')
  })

  it('takes an empty batch and a large one', async () => {
    const local = streamer({ pollBatch: 5000 })
    await local.publish([], 'posts')
    await local.publish(notes(3000), 'posts')
    expect(field(await local.poll('posts'), 'n')).to.deep.equal(Array.from({ length: 3000 }, (_, n) => n))
  })
})
