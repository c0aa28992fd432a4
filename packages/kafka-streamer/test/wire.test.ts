import { expect } from 'chai'
import fc from 'fast-check'
import { cloudEvents, isStreamerError, json, receivedRecord } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { ReadRecord } from '../src/driver'
import { recordForm } from '../src/poll'
import { toMessage, toRecord } from '../src/wire'

const text = fc
  .string({ unit: 'binary', maxLength: 20 })
  .filter((each) => Buffer.from(each, 'utf8').toString('utf8') === each)
const names = fc.dictionary(
  text.filter((name) => name !== '__proto__'),
  text,
  { maxKeys: 5 }
)

function record(parts: Partial<ReadRecord>): ReadRecord {
  return { offset: '42', timestamp: '1763700000000', key: null, value: Buffer.from('{}'), headers: {}, ...parts }
}

async function event(parts: Partial<ReadRecord>, codec = cloudEvents): Promise<ExternalEvent> {
  const from = { streamerId: 'main', topic: 'posts', eventId: '' }
  return receivedRecord(record(parts), { form: recordForm('posts', 0), codec, from })
}

async function faultOf(parts: Partial<ReadRecord>): Promise<string> {
  const { metadata, eventPayload } = await event(parts)
  expect(eventPayload).to.equal(undefined)
  expect(isStreamerError(metadata?.undecodable, 'EVENT_UNDECODABLE'), String(metadata?.undecodable)).to.equal(true)
  return (metadata?.undecodable as Error).message
}

const OWN_ID = 'posts-0-42@1763700000000'

describe('a record', () => {
  it('is a message again, whatever texts and bytes it has', () => {
    const message = fc.record({
      body: fc.uint8Array(),
      contentType: fc.option(text, { nil: undefined }),
      contentEncoding: fc.option(text, { nil: undefined }),
      attributes: fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,8}$/), text, { maxKeys: 5 }),
      headers: names.map((all) =>
        Object.fromEntries(Object.entries(all).filter(([name]) => !/^(ce_|content-(?:type|encoding)$)/i.test(name)))
      ),
      key: fc.option(text, { nil: undefined }),
    })
    fc.assert(
      fc.property(message, (given) => {
        const { key, value, headers } = toRecord(given).record
        const sent = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const)
        const read = toMessage({ key, value, headers: Object.fromEntries(sent) })
        expect(read.undecodable).to.equal(undefined)
        const { undecodable: _, decoded: __, ...message } = read
        expect({ ...message, body: [...message.body] }).to.deep.equal({ ...given, body: [...given.body] })
      })
    )
  })

  it('is as large as its body, key, names and values', () => {
    const encoded = toRecord({ body: Buffer.from('four'), attributes: { id: 'é' }, headers: { a: 'b' }, key: 'k' })
    expect(encoded.bytes).to.equal(4 + 'ce_id'.length + 2 + 2 + 1)
  })

  it('carries CloudEvents as the Kafka binding says', () => {
    const { headers } = toRecord({
      body: Buffer.alloc(0),
      contentType: 'application/json',
      attributes: { specversion: '1.0', id: 'true' },
      headers: { other: 'x' },
    }).record
    expect(headers).to.deep.equal({
      ce_specversion: '1.0',
      ce_id: 'true',
      'content-type': 'application/json',
      other: 'x',
    })
  })

  it("is refused where a header of the user has a name of the binding's, which names the header", () => {
    const message = { body: Buffer.alloc(0), attributes: { id: 'true' } }
    for (const name of ['ce_id', 'ce_mine', 'content-type', 'Content-Type']) {
      expect(() => toRecord({ ...message, headers: { [name]: 'x' } })).to.throw(
        `[EVENT_NOT_ENCODABLE] The header "${name}"`
      )
    }
  })

  it('without key, headers and id is known by its place and time', async () => {
    const { eventPayload, metadata, streamerTopic } = await event({ value: Buffer.from('{"a":1}') })
    expect(eventPayload).to.deep.equal({ a: 1 })
    expect([streamerTopic, metadata?.id, metadata?.key]).to.deep.equal(['posts', OWN_ID, undefined])
    expect((await event({ value: Buffer.from('[]') }, json)).metadata?.id).to.equal(OWN_ID)
    expect((await event({ value: Buffer.from('{') })).metadata?.id).to.equal(OWN_ID)
  })

  it('without a value is a payload of null, with its key, for any codec', async () => {
    for (const codec of [cloudEvents, json]) {
      const { eventPayload, metadata } = await event({ value: null, key: Buffer.from('post-1') }, codec)
      expect([eventPayload, metadata?.key, metadata?.undecodable]).to.deep.equal([null, 'post-1', undefined])
    }
    const headers = { ce_id: Buffer.from('7'), ce_type: Buffer.from('Gone'), a: Buffer.from('b') }
    const { metadata } = await event({ value: null, headers })
    expect([metadata?.id, metadata?.type, metadata?.headers]).to.deep.equal(['7', 'Gone', { a: 'b' }])
  })

  it('has headers that came several times, or without a value, as JSON', async () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')]
    const { metadata } = await event({ headers: { several: [a, b, null], none: null } })
    expect(metadata?.headers).to.deep.equal({ several: '["a","b",null]', none: 'null' })
  })

  it('is undecodable where an attribute has not one value', async () => {
    const one = Buffer.from('1')
    expect(await faultOf({ headers: { ce_id: [one, one] } })).to.contain('"ce_id"')
    expect(await faultOf({ headers: { ce_id: null } })).to.contain('"ce_id"')
    expect(await faultOf({ headers: { 'Content-Type': [one, one] } })).to.contain('"Content-Type"')
  })

  it('is undecodable where its key or a header is not UTF-8, and keeps the bytes', async () => {
    const bytes = Buffer.from([0xff, 0xfe])
    expect(await faultOf({ key: bytes })).to.contain('key')
    expect(await faultOf({ headers: { h: bytes } })).to.contain('"h"')
    expect(await faultOf({ headers: { h: [Buffer.from('x'), bytes] } })).to.contain('"h"')
    const { metadata } = await event({ key: bytes, value: Buffer.from('x') })
    expect([metadata?.key, Buffer.from(metadata?.raw ?? []).toString()]).to.deep.equal(['base64://4=', 'x'])
    const replaced = await event({ headers: { h: Buffer.from('\uFFFD') } })
    expect(replaced.metadata?.headers?.h, 'a replacement character that was sent').to.equal('\uFFFD')
  })

  it('pollutes no prototype by the name of a header', async () => {
    const headers = JSON.parse('{"__proto__": null}') as Record<string, null>
    const { metadata } = await event({ headers })
    expect(Object.keys(metadata?.headers ?? {})).to.deep.equal(['__proto__'])
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined)
  })

  it('is a structured CloudEvent where its content type says so', async () => {
    const value = Buffer.from('{"specversion":"1.0","id":"7","source":"s","type":"T","data":{"a":1}}')
    const headers = { 'content-type': Buffer.from('application/cloudevents+json; charset=UTF-8') }
    const { eventPayload, metadata } = await event({ value, headers })
    expect([eventPayload, metadata?.id, metadata?.type]).to.deep.equal([{ a: 1 }, '7', 'T'])
  })

  it('with a number beyond 2^53 has that number', async () => {
    const { eventPayload } = await event({ value: Buffer.from('{"n":9007199254740993}') })
    expect((eventPayload as { n: unknown }).n).to.equal(9007199254740993n)
  })
})
