import { expect } from 'chai'
import fc from 'fast-check'
import { cloudEvents, json, sourceUri } from '../src'
import type { DecodedEvent, PublishedMetadata, WireMessage } from '../src'
import { asReceived, fields, jsonValue, publishedMetadata } from './support/arbitraries'
import { message, structured } from './support/messages'
import { thrownBy } from './support/thrown'

const PUBLISHED = { id: 'id', type: 'PostCreated', source: 'blog', time: '2026-01-01T00:00:00.000Z' }

const encode = (event: object, metadata: PublishedMetadata = PUBLISHED) =>
  cloudEvents.encode(event, metadata) as WireMessage
const decode = (wire: WireMessage) => cloudEvents.decode(wire) as DecodedEvent

describe('cloudEvents, binary mode', () => {
  it('gives back the event and its metadata', () => {
    fc.assert(
      fc.property(fields, publishedMetadata, (event, metadata) => {
        const wire = encode(event, metadata)
        const { payload, metadata: decoded } = decode(wire)
        expect(payload).to.deep.equal(event)
        const { headers = {}, key = metadata.subject, ...rest } = metadata
        const unordered = key === undefined ? { key: undefined } : { key }
        expect(decoded).to.deep.equal({
          ...rest,
          source: sourceUri(rest.source),
          ...unordered,
          headers,
          contentType: 'application/json',
          raw: wire.body,
        })
      })
    )
  })

  it('writes the attributes beside the body', () => {
    const wire = encode({ postId: '1' }, {
      ...PUBLISHED,
      subject: '1',
      key: '1',
      version: 2,
      correlationId: 'c',
      causationId: 'a',
    } as never)
    expect(wire.attributes).to.deep.equal({
      specversion: '1.0',
      ...PUBLISHED,
      subject: '1',
      schemaversion: '2',
      boosterstreamers: '1',
      correlationid: 'c',
      causationid: 'a',
    })
    expect(Buffer.from(wire.body).toString()).to.equal('{"postId":"1"}')
    expect(wire).to.include({ contentType: 'application/json', key: '1' })
  })

  it('writes a partition key only where it is not the subject', () => {
    const keyed = { ...PUBLISHED, subject: '1', key: 'all' } as never
    expect(encode({}, keyed).attributes.partitionkey).to.equal('all')
  })

  it('writes no attribute that is empty', () => {
    const empty = { ...PUBLISHED, subject: '', key: '', tracestate: '' } as never
    expect(encode({}, empty).attributes).to.have.all.keys('specversion', 'id', 'type', 'source', 'time')
  })

  it('reads an empty attribute as none', () => {
    const { metadata } = decode(message('{}', { attributes: { specversion: '1.0', id: '', subject: '' } }))
    expect(metadata).to.include({ key: undefined })
    expect(metadata).to.not.have.any.keys('id', 'subject')
  })

  it('reads the key from the broker, then the partition key, then the subject', () => {
    const attributes = { partitionkey: 'p', subject: 's' }
    expect(decode(message('{}', { attributes, key: 'k' })).metadata.key).to.equal('k')
    expect(decode(message('{}', { attributes })).metadata.key).to.equal('p')
    expect(decode(message('{}', { attributes: { subject: 's' } })).metadata.key).to.equal('s')
  })

  it('reads unknown attributes as headers, and lets headers win', () => {
    const { metadata } = decode(message('{}', { attributes: { id: '1', region: 'eu' }, headers: { 'x-a': 'b' } }))
    expect(metadata.headers).to.deep.equal({ region: 'eu', 'x-a': 'b' })
    const both = decode(message('{}', { attributes: { region: 'eu' }, headers: { region: 'us' } }))
    expect(both.metadata.headers).to.deep.equal({ region: 'us' })
  })

  it('reads an event without data', () => {
    const { payload, metadata } = decode(message('', { attributes: { specversion: '1.0', id: '1' } }))
    expect(payload).to.equal(undefined)
    expect(metadata.id).to.equal('1')
  })

  it('reads a bare body that knows nothing of CloudEvents', () => {
    const wire = message('{"a":1}')
    expect(decode(wire)).to.deep.equal({ payload: { a: 1 }, metadata: { key: undefined, headers: {}, raw: wire.body } })
  })

  it('reads other content types as what they are', () => {
    expect(decode(message('été', { contentType: 'text/plain; charset=utf-8' })).payload).to.equal('été')
    expect(
      decode(message('{"a":1}', { contentType: 'application/vnd.app.v1+json;charset=utf-8' })).payload
    ).to.deep.equal({ a: 1 })
    expect(decode(message('{', { contentType: 'application/octet-stream' })).payload).to.deep.equal(Buffer.from('{'))
    expect(decode(message('{}\n{}', { contentType: 'application/json-seq' })).payload).to.deep.equal(
      Buffer.from('{}\n{}')
    )
  })

  for (const version of ['', '0', '-1', '1.5', '1e3', '0x10', ' 1', 'two', '99999999999999999999', 'NaN']) {
    it(`refuses the schema version '${version}' of ours`, () => {
      const wire = message('{}', { attributes: { schemaversion: version, boosterstreamers: '1' } })
      expect(thrownBy(() => decode(wire), 'EVENT_UNDECODABLE').message).to.contain('schemaversion')
    })
  }

  for (const version of ['', '0', '1.2.0', '2', '99999999999999999999', 'https://schemas.acme.com/2']) {
    it(`takes the schema version '${version}' of a stranger for a header of that name`, () => {
      const attributes = {
        specversion: '1.0',
        id: '7',
        source: '/acme',
        type: 'T',
        subject: 's',
        schemaversion: version,
      }
      for (const more of [{}, { correlationid: 'c' }] as Record<string, string>[]) {
        const { metadata } = decode(message('{}', { attributes: { ...attributes, ...more } }))
        expect(metadata.headers).to.deep.equal({ schemaversion: version })
        expect(metadata).not.to.have.property('version')
      }
    })
  }

  it('reads the schema version that a service wrote before there was the mark', () => {
    const ours = { id: '0199aa00-0000-7000-8000-000000000001', source: 'blog', subject: '1', correlationid: 'c' }
    const { metadata } = decode(message('{}', { attributes: { ...ours, schemaversion: '3' } }))
    expect([metadata.version, metadata.headers]).to.deep.equal([3, {}])
  })

  it('tells what the body was packed with, as it came', () => {
    for (const codec of [cloudEvents, json]) {
      const wire = message('{}', { contentType: 'application/json', contentEncoding: 'identity' })
      expect((codec.decode(wire) as DecodedEvent).metadata).to.include({ contentEncoding: 'identity' })
    }
  })
})

describe('cloudEvents, structured mode', () => {
  const STRUCTURED = 'application/cloudevents+json'

  it('gives back the data and the attributes', () => {
    fc.assert(
      fc.property(jsonValue, publishedMetadata, (data, { headers: _, key: __, version, ...metadata }) => {
        const wire = encode({}, metadata as never)
        const versioned = version === undefined ? {} : { schemaversion: version, boosterstreamers: '1' }
        const envelope = { ...wire.attributes, ...versioned, data }
        const decoded = decode(structured(envelope))
        expect(decoded.payload).to.deep.equal(asReceived(data))
        const source = sourceUri(metadata.source)
        expect(decoded.metadata).to.deep.include({ ...metadata, source, ...(version === undefined ? {} : { version }) })
      })
    )
  })

  it('reads extensions of any type as headers', () => {
    const { metadata } = decode(
      structured({ id: '1', data: {}, region: 'eu', weight: 3, urgent: true, nested: { a: 1 } })
    )
    expect(metadata.headers).to.deep.equal({ region: 'eu', weight: '3', urgent: 'true' })
  })

  it('reads extensions of 64 bits digit by digit', () => {
    const members = '"count":9007199254740993,"least":-9223372036854775808,"partitionkey":9007199254740993'
    const { metadata } = decode(message(`{"id":"1","data":{},${members}}`, { contentType: STRUCTURED }))
    expect(metadata.headers).to.deep.equal({ count: '9007199254740993', least: '-9223372036854775808' })
    expect(metadata.key).to.equal('9007199254740993')
  })

  it('takes the schema version of a stranger for a header of that name', () => {
    for (const [version, header] of [
      ['1.2.0', '1.2.0'],
      ['2', '2'],
      [1.5, '1.5'],
    ]) {
      const stranger = { specversion: '1.0', id: '7', source: '/acme', type: 'T', schemaversion: version }
      const { metadata } = decode(structured({ ...stranger, data: {} }))
      expect(metadata.headers).to.deep.equal({ schemaversion: header })
      expect(metadata).not.to.have.property('version')
    }
  })

  it('reads bytes from data_base64', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { payload } = decode(structured({ id: '1', data_base64: Buffer.from(bytes).toString('base64') }))
        expect(Buffer.from(payload as Uint8Array)).to.deep.equal(Buffer.from(bytes))
      })
    )
    const json = Buffer.from('{"a":"ü"}').toString('base64')
    const { payload } = decode(structured({ datacontenttype: 'application/json', data_base64: json }))
    expect(payload).to.deep.equal({ a: 'ü' })
  })

  it('reads an event without data', () => {
    expect(decode(structured({ id: '1' })).payload).to.equal(undefined)
  })

  const REFUSED: ReadonlyArray<readonly [what: string, body: string, contentType: string]> = [
    ['a batch', '[{}]', 'application/cloudevents-batch+json'],
    ['a format that is not JSON', '{"id":"1"}', 'application/cloudevents+avro'],
    ['an array', '[]', 'application/cloudevents+json'],
    ['null', 'null', 'application/cloudevents+json; charset=utf-8'],
    ['text', '"event"', 'Application/CloudEvents+JSON'],
    ['a body that is cut off', '{"id":"1"', 'application/cloudevents+json'],
    ['data_base64 that is none', '{"data_base64":"a!b="}', 'application/cloudevents+json'],
    ['data_base64 that is cut off', '{"data_base64":"AQI"}', 'application/cloudevents+json'],
    ['data_base64 that is no text', '{"data_base64":7}', 'application/cloudevents+json'],
    ['a schema version that is none', '{"schemaversion":1.5,"boosterstreamers":1}', 'application/cloudevents+json'],
    ['a prototype in the envelope', '{"__proto__":{"a":1}}', 'application/cloudevents+json'],
    ['a prototype in the data', '{"data":{"a":{"__proto__":{}}}}', 'application/cloudevents+json'],
  ]

  for (const [what, body, contentType] of REFUSED) {
    it(`refuses ${what}`, () => {
      const error = thrownBy(() => decode(message(body, { contentType })), 'EVENT_UNDECODABLE')
      expect(error.hint, error.message).to.be.a('string')
      expect(error.retryable).to.equal(false)
    })
  }
})
