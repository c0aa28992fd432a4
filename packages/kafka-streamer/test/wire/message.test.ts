import { expect } from 'chai'
import fc from 'fast-check'
import { bytesOfText, cloudEvents, isStreamerError, json, receivedRecord } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { KafkaKeyCodec } from '../../src'
import type { ReadRecord } from '../../src/wire'
import { recordForm, toMessage, toRecord } from '../../src/wire/message'

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

const WRITING = { keyCodec: 'utf8', at: 'event' } as const

async function event(
  parts: Partial<ReadRecord>,
  codec = cloudEvents,
  keyCodec: KafkaKeyCodec = 'utf8'
): Promise<ExternalEvent> {
  const from = { streamerId: 'main', topic: 'posts', eventId: '' }
  return receivedRecord(record(parts), { form: recordForm({ topic: 'posts', partition: 0, keyCodec }), codec, from })
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
      isTombstone: fc.constantFrom(undefined, true as const),
    })
    fc.assert(
      fc.property(message, (made) => {
        const given = made.isTombstone ? { ...made, body: new Uint8Array() } : made
        const { key, value, headers } = toRecord(given, WRITING).record
        const sent = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const)
        const read = toMessage({ key, value, headers: Object.fromEntries(sent) }, 'utf8')
        expect(read.undecodable).to.equal(undefined)
        const { undecodable: _, decoded: __, ...message } = read
        expect({ ...message, body: [...message.body] }).to.deep.equal({ ...given, body: [...given.body] })
      })
    )
  })

  it('is as large as its body, key, names and values', () => {
    const message = { body: Buffer.from('four'), attributes: { id: 'é' }, headers: { a: 'b' }, key: 'k' }
    const encoded = toRecord(message, WRITING)
    expect(encoded.bytes).to.equal(4 + 'ce_id'.length + 2 + 2 + 1)
  })

  it('carries CloudEvents as the Kafka binding says', () => {
    const message = {
      body: Buffer.alloc(0),
      contentType: 'application/json',
      attributes: { specversion: '1.0', id: 'true' },
      headers: { other: 'x' },
    }
    const { headers } = toRecord(message, WRITING).record
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
      expect(() => toRecord({ ...message, headers: { [name]: 'x' } }, WRITING)).to.throw(
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
    const [one, two] = [Buffer.from('1'), Buffer.from('2')]
    expect(await faultOf({ headers: { ce_id: [one, two] } })).to.contain('"ce_id"')
    expect(await faultOf({ headers: { ce_id: null } })).to.contain('"ce_id"')
    expect(await faultOf({ headers: { ce_id: [one, null] } })).to.contain('"ce_id"')
    expect(await faultOf({ headers: { 'Content-Type': [one, two] } })).to.contain('"Content-Type"')
  })

  it('has an attribute that came several times with one value once', async () => {
    const one = Buffer.from('1')
    const { metadata } = await event({
      headers: { ce_specversion: Buffer.from('1.0'), ce_id: [one, Buffer.from('1')] },
    })
    expect([metadata?.undecodable, metadata?.id]).to.deep.equal([undefined, '1'])
  })

  it('has a header that is not UTF-8 as its bytes in Base64', async () => {
    const bytes = Buffer.from([0xff, 0xfe])
    const { metadata } = await event({ headers: { h: bytes, several: [Buffer.from('x'), bytes] } })
    expect(metadata?.headers).to.deep.equal({ h: 'base64://4=', several: '["x","base64://4="]' })
    expect(Buffer.from(bytesOfText(metadata?.headers?.h ?? ''))).to.deep.equal(bytes)
    const replaced = await event({ headers: { h: Buffer.from('\uFFFD') } })
    expect(replaced.metadata?.headers?.h, 'a replacement character that was sent').to.equal('\uFFFD')
  })

  it('is undecodable where what is read as CloudEvents, or as what its body is, is not UTF-8', async () => {
    const bytes = Buffer.from([0xff, 0xfe])
    for (const name of ['ce_id', 'ce_mine', 'content-type', 'Content-Encoding'])
      expect(await faultOf({ headers: { [name]: bytes } })).to.contain(`"${name}"`)
    const told = await event({ headers: { ce_id: Buffer.from('base64://4=') } })
    expect(told.metadata?.id, 'a text that looks like that').to.equal('base64://4=')
  })

  it('has the key that its codec reads, or its bytes in Base64', async () => {
    const hex = (bytes: string): Buffer => Buffer.from(bytes, 'hex')
    const keys: readonly (readonly [KafkaKeyCodec, Buffer, string])[] = [
      ['utf8', Buffer.from('ключ'), 'ключ'],
      ['utf8', hex('fffe'), 'base64://4='],
      ['int32', hex('00000080'), '128'],
      ['int32', hex('ffffffff'), '-1'],
      ['int32', hex('0000000080'), 'base64:AAAAAIA='],
      ['int64', hex('0020000000000001'), '9007199254740993'],
      ['int64', hex('8000000000000000'), '-9223372036854775808'],
      ['uuid', hex('0199aa0000007000800000000000000f'), '0199aa00-0000-7000-8000-00000000000f'],
      [
        'uuid',
        Buffer.from('0199aa00-0000-7000-8000-00000000000f'),
        `base64:${btoa('0199aa00-0000-7000-8000-00000000000f')}`,
      ],
      ['base64', hex('fffe'), '//4='],
    ]
    for (const [codec, key, text] of keys) {
      const { metadata } = await event({ key, value: Buffer.from('{}') }, cloudEvents, codec)
      expect([metadata?.key, metadata?.undecodable], codec).to.deep.equal([text, undefined])
    }
    const empty = await event({ key: Buffer.alloc(0) }, cloudEvents, 'int32')
    expect(empty.metadata?.key).to.equal(undefined)
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
