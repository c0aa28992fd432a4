import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { asyncProperty, assert as hold, constantFrom, dictionary, jsonValue, option, record, string } from 'fast-check'
import {
  cloudEvents,
  json,
  markedAsReplayed,
  metadataOf,
  metadataToPublish,
  sourceUri,
  withMetadata,
} from '@boostercloud/streamer-connector'
import type { Codec, EventMetadata, ExternalEvent, WireMessage } from '@boostercloud/streamer-connector'
import { toExternalEvent } from '../../src/wire/delivery'
import { routeOf } from '../../src/options/names'
import { settingsFrom } from '../../src/options/settings'
import { toEntry } from '../../src/wire/entry'
import type { Entry } from '../../src/wire/entry'

const FULL = {
  id: 'id-1',
  type: 'PostCreated',
  version: 2,
  source: 'blog',
  subject: 'post-1',
  key: 'key-1',
  time: '2026-01-02T03:04:05.678Z',
  correlationId: 'c-1',
  causationId: 'c-2',
}

const route = (codec: Codec, types = {}): ReturnType<typeof routeOf> =>
  routeOf('posts', settingsFrom({ topics: { posts: { codec, types } } }))

async function written(event: object, codec: Codec = cloudEvents): Promise<Entry> {
  const metadata = metadataToPublish(event, 'blog')
  return toEntry(await codec.encode(event, metadata, 'posts'), metadata, route(codec))
}

/** As EventBridge delivers it. */
function delivered({ Source, DetailType, Detail, Resources = [] }: Entry, more: object = {}): string {
  const event = {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': DetailType,
    source: Source,
    account: '111122223333',
    time: '2026-01-02T03:04:06Z',
    region: 'eu-west-1',
    resources: Resources,
    ...more,
  }
  return `${JSON.stringify(event).slice(0, -1)},"detail":${Detail}}`
}

async function read(text: string, codec: Codec = cloudEvents, types = {}): Promise<ExternalEvent> {
  return toExternalEvent({ text, eventId: '1' }, { route: route(codec, types), streamerId: 'main' })
}

describe('an event on EventBridge', () => {
  it('is one CloudEvent in the JSON format, by its topic and class', async () => {
    const entry = await written(withMetadata({ title: 'Hello' }, { ...FULL, headers: { 'x-tenant': 'acme' } }))
    expect(entry).to.include({ Source: 'posts', DetailType: 'PostCreated', EventBusName: 'default' })
    expect(JSON.parse(entry.Detail)).to.deep.equal({
      specversion: '1.0',
      id: 'id-1',
      source: 'blog',
      type: 'PostCreated',
      subject: 'post-1',
      time: FULL.time,
      schemaversion: '2',
      boosterstreamers: '1',
      correlationid: 'c-1',
      causationid: 'c-2',
      partitionkey: 'key-1',
      datacontenttype: 'application/json',
      headers: '{"x-tenant":"acme"}',
      data: { title: 'Hello' },
    })
  })

  it('arrives as it was published', async () => {
    const text = string({ unit: 'grapheme', minLength: 1 })
    const metadata = record({
      id: text,
      type: string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 128 }),
      source: text,
      time: constantFrom(FULL.time),
      subject: option(text, { nil: undefined }),
      key: option(text, { nil: undefined }),
      headers: dictionary(text, string({ unit: 'grapheme' })),
    })
    const fields = dictionary(
      string().filter((name) => !/proto|constructor/.test(name)),
      // Names that reach a prototype are refused.
      jsonValue().filter((value) => !/proto|constructor/.test(JSON.stringify(value)))
    )
    await hold(
      asyncProperty(fields, metadata, async (event, told: EventMetadata) => {
        const given = JSON.parse(JSON.stringify(event)) as object
        const { eventPayload, metadata: got } = await read(delivered(await written(withMetadata({ ...given }, told))))
        expect(eventPayload).to.deep.equal(given)
        const { id, type, source, time, subject, headers } = got as EventMetadata
        expect({ id, type, source, time, subject, headers }).to.deep.equal({
          ...{ id: told.id, type: told.type, source: told.source && sourceUri(told.source), time: told.time },
          ...{ subject: told.subject, headers: told.headers },
        })
        expect(got?.key).to.equal(told.key ?? told.subject)
      })
    )
  })

  it('is bare where the codec has it so, and is known by what EventBridge says', async () => {
    const entry = await written(withMetadata({ n: 1 }, FULL), json)
    expect(entry).to.include({ DetailType: 'PostCreated', Detail: '{"n":1}' })
    const { eventPayload, metadata } = await read(delivered(entry), json)
    expect(metadata).to.include({ type: 'PostCreated', source: 'posts', id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718' })
    expect(metadataOf(eventPayload)?.id).to.equal(metadata?.id)
  })

  it('may have any bytes', async () => {
    const bytes = Buffer.from([0, 255, 1])
    const body = (contentType: string): Codec => ({
      name: 'bytes',
      encode: (_, { id }) => ({ body: bytes, contentType, attributes: { id }, headers: {}, key: undefined }),
      decode: ({ body: raw, attributes }) => ({ payload: { raw: Buffer.from(raw) }, metadata: { id: attributes.id } }),
    })
    const entry = await written(withMetadata({}, FULL), body('application/vnd.apache.avro'))
    expect(JSON.parse(entry.Detail)).to.include({ data_base64: 'AP8B', specversion: '1.0' })
    const { eventPayload, metadata } = await read(delivered(entry), body('application/vnd.apache.avro'))
    expect([eventPayload, metadata?.id]).to.deep.equal([{ raw: bytes }, 'id-1'])
  })

  it('that is packed is bytes, and says so', async () => {
    const body = gzipSync('{}')
    const packing: Codec = {
      name: 'packing',
      encode: (_, { id }) => ({
        body,
        contentType: 'application/json',
        contentEncoding: 'gzip',
        attributes: { id },
        headers: { a: 'b' },
      }),
      decode: (message) => ({ payload: { ...message, body: Buffer.from(message.body) }, metadata: {} }),
    }
    const entry = await written(withMetadata({}, FULL), packing)
    const { eventPayload } = await read(delivered(entry), packing)
    expect(eventPayload).to.deep.include({ body: Buffer.from('{}'), contentEncoding: 'gzip', headers: { a: 'b' } })
  })

  it('without a type has none when it is read, though EventBridge wants one of each', async () => {
    for (const codec of [cloudEvents, json]) {
      const entry = await written({ n: 1 }, codec)
      expect(entry.DetailType).to.equal('untyped event')
      const { eventPayload, metadata } = await read(delivered(entry), codec)
      expect([eventPayload, metadata?.type], codec.name).to.deep.equal([{ n: 1 }, undefined])
    }
  })

  it('is refused where its class has a name too long for a detail type', async () => {
    const thrown = await written(withMetadata({}, { ...FULL, type: 'x'.repeat(129) })).catch((error: unknown) => error)
    expect(thrown).to.include({ code: 'EVENT_NOT_ENCODABLE' })
  })
})

describe('an event of another producer', () => {
  const foreign = { Source: 'aws.s3', DetailType: 'Object Created', EventBusName: 'default' }

  it('is its detail, by what EventBridge says of it', async () => {
    const resources = ['arn:aws:s3:::uploads']
    const text = delivered({ ...foreign, Detail: '{ "size": 9007199254740993 }' }, { resources })
    const { eventPayload, metadata } = await read(text, cloudEvents, { 'Object Created': 'ObjectCreated' })
    expect(eventPayload).to.deep.equal({ size: 9007199254740993n })
    expect(metadata).to.include({ source: 'aws.s3', type: 'ObjectCreated', time: '2026-01-02T03:04:06Z' })
    expect(metadata?.headers).to.deep.equal({
      account: '111122223333',
      region: 'eu-west-1',
      resources: JSON.stringify(resources),
    })
    expect(Buffer.from(metadata?.raw as Uint8Array).toString()).to.equal('{ "size": 9007199254740993 }')
  })

  it('may be a CloudEvent with text in it, or with nothing', async () => {
    const event = { specversion: '1.0', id: '7', source: 'x', type: 'T', datacontenttype: 'text/plain', data: 'Hello' }
    const texts = [event, { ...event, data: undefined, datacontenttype: undefined, headers: 'not JSON' }]
    const [plain, empty] = await Promise.all(
      texts.map((each) => read(delivered({ ...foreign, Detail: JSON.stringify(each) })))
    )
    expect([plain.eventPayload, plain.metadata?.id]).to.deep.equal(['Hello', '7'])
    expect([empty.eventPayload, empty.metadata?.undecodable]).to.deep.equal([undefined, undefined])
    expect(empty.metadata?.headers).to.deep.equal({ headers: 'not JSON' })
  })

  it('has numbers of 64 bits among its attributes digit by digit, so that two ids stay two', async () => {
    const detailWith = (id: string): string =>
      `{"specversion":"1.0","source":"x","type":"T","id":${id},"partitionkey":${id},"count":${id},"ratio":0.5,"n":7}`
    for (const id of ['9007199254740992', '9007199254740993', '-9223372036854775808']) {
      const { metadata } = await read(delivered({ ...foreign, Detail: detailWith(id) }))
      expect([metadata?.id, metadata?.key]).to.deep.equal([id, id])
      expect(metadata?.headers).to.deep.equal({ count: id, ratio: '0.5', n: '7' })
    }
  })

  it('of CloudEvents 0.3 has its data decoded from Base64', async () => {
    const about = { specversion: '0.3', id: '7', source: 'x', type: 'T', datacontentencoding: 'base64' }
    const data = Buffer.from('{"a":"ü"}').toString('base64')
    for (const [datacontenttype, expected] of [
      ['application/json', { a: 'ü' }],
      [undefined, { a: 'ü' }],
      ['text/plain', '{"a":"ü"}'],
    ]) {
      const Detail = JSON.stringify({ ...about, datacontenttype, data })
      const { eventPayload, metadata } = await read(delivered({ ...foreign, Detail }))
      expect([eventPayload, metadata?.undecodable], String(datacontenttype)).to.deep.equal([expected, undefined])
      expect(metadata?.headers).to.deep.equal({})
    }
    const plain = JSON.stringify({ ...about, datacontentencoding: '8bit', data: 'text' })
    expect((await read(delivered({ ...foreign, Detail: plain }))).eventPayload).to.equal('text')
    const broken = JSON.stringify({ ...about, datacontenttype: 'application/json', data: { not: 'Base64' } })
    expect((await read(delivered({ ...foreign, Detail: broken }))).metadata?.undecodable?.message).to.include('Base64')
  })

  it('is marked among its resources where it is published again, and reads as it did the first time', async () => {
    const text = delivered({ ...foreign, Detail: '{ "size": 1 }' }, { resources: ['arn:aws:s3:::uploads'] })
    const first = await read(text)
    const message = markedAsReplayed(first.message as WireMessage)
    const again = await read(delivered(toEntry(message, { type: first.metadata?.type }, route(cloudEvents))))
    const { body, headers, attributes } = again.message as WireMessage
    expect([Buffer.from(body).toString(), headers]).to.deep.equal(['{ "size": 1 }', first.message?.headers])
    expect(attributes).to.deep.equal({ specversion: '1.0', ...first.message?.attributes })
    expect([again.eventPayload, again.metadata?.replayed]).to.deep.equal([{ size: 1 }, true])
    const bare = await read(delivered(toEntry({ ...message, attributes: {} }, {}, route(cloudEvents))))
    expect([bare.metadata?.replayed, bare.metadata?.headers?.resources]).to.deep.equal([true, undefined])
  })

  it('may have been put into the queue without EventBridge', async () => {
    const { eventPayload, metadata } = await read('{"n":1}')
    expect([eventPayload, metadata?.type, metadata?.id]).to.deep.equal([{ n: 1 }, undefined, undefined])
  })

  it('is handed on with its bytes where it cannot be read', async () => {
    for (const text of ['{', 'no JSON', delivered({ ...foreign, Detail: '{"specversion":"1.0","data_base64":"*"}' })]) {
      const { eventPayload, metadata, eventId } = await read(text)
      expect([eventPayload, metadata?.undecodable?.code, eventId]).to.deep.equal([undefined, 'EVENT_UNDECODABLE', '1'])
      expect(Buffer.from(metadata?.raw as Uint8Array).toString()).to.equal(text)
    }
  })

  it('reaches no prototype', async () => {
    const { metadata } = await read(delivered({ ...foreign, Detail: '{"__proto__":{"polluted":true}}' }))
    expect(metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined)
  })
})
