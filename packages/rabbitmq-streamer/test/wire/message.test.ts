import { expect } from 'chai'
import fc from 'fast-check'
import { StreamerError, cloudEvents } from '@boostercloud/streamer-connector'
import type { PublishedMetadata, WireMessage } from '@boostercloud/streamer-connector'
import { sizeOf, toEncoded, toMessage } from '../../src/wire/message'
import type { Encoded } from '../../src/wire/message'

const metadata: PublishedMetadata = { id: 'id-1', type: 'Note', source: 'app', time: '2026-01-02T03:04:05.678Z' }

const OPTIONS = { mandatory: false, maxEventBytes: 1_000_000 }

/** As a consumer gets it from amqplib. */
function received({ body, properties }: Encoded): Parameters<typeof toMessage>[0] {
  const { mandatory: _, persistent: __, ...rest } = properties
  return { content: body, properties: rest }
}

function read(properties: Parameters<typeof toMessage>[0]['properties']): WireMessage {
  return toMessage({ content: Buffer.of(), properties })
}

const word = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
const name = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,20}$/)
  .filter((text) => text !== 'constructor' && !/^(partitionkey$|ce-)/.test(text))
const messages: fc.Arbitrary<WireMessage> = fc.record({
  body: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  contentType: fc.constantFrom('application/json', 'text/plain', undefined),
  contentEncoding: fc.constantFrom('gzip', undefined),
  attributes: fc
    .dictionary(name, word, { noNullPrototype: true })
    .map((attributes) => ({ ...attributes, specversion: '1.0' })),
  headers: fc.dictionary(name, fc.string({ unit: 'binary' }), { noNullPrototype: true }),
  key: fc.option(word, { nil: undefined }),
})

describe('a message of AMQP', () => {
  it('is read as what was written', () =>
    fc.assert(
      fc.property(messages, (message) => {
        const read = toMessage(received(toEncoded(message, metadata, OPTIONS)))
        expect(read).to.deep.equal({ ...message, undecodable: undefined })
      })
    ))

  it('has the properties that people expect', () => {
    const full = { ...metadata, correlationId: 'request-1' }
    const { properties } = toEncoded(cloudEvents.encode({ n: 1 }, full) as WireMessage, full, {
      ...OPTIONS,
      mandatory: true,
    })
    expect(properties).to.deep.include({
      mandatory: true,
      persistent: true,
      contentType: 'application/json',
      messageId: 'id-1',
      type: 'Note',
      appId: 'app',
      correlationId: 'request-1',
      timestamp: Date.parse('2026-01-02T03:04:05Z') / 1000,
    })
    expect(properties.headers).to.deep.include({ 'cloudEvents:id': 'id-1', 'cloudEvents:specversion': '1.0' })
  })

  it('leaves out a property that is too long for AMQP; the attribute has it', () => {
    const id = 'ü'.repeat(128)
    const long = { ...metadata, id }
    const { properties } = toEncoded(cloudEvents.encode({}, long) as WireMessage, long, OPTIONS)
    expect(properties.messageId).to.equal(undefined)
    expect((properties.headers as Record<string, string>)['cloudEvents:id']).to.equal(id)
  })

  for (const separator of [':', '_']) {
    it(`may have its attributes behind cloudEvents${separator}`, () => {
      const at = (attribute: string): string => `cloudEvents${separator}${attribute}`
      const time = { '!': 'timestamp', value: 1_767_323_045 }
      const headers = { [at('specversion')]: '1.0', [at('id')]: 'x', [at('schemaversion')]: 3, [at('time')]: time }
      const { attributes } = read({ headers, messageId: 'another' })
      expect(attributes).to.deep.equal({
        specversion: '1.0',
        id: 'x',
        schemaversion: '3',
        time: '2026-01-02T03:04:05.000Z',
      })
    })
  }

  it('may have the milliseconds of AMQP 1.0 as its time', () => {
    const timeOf = (time: unknown): unknown =>
      read({ headers: { cloudEvents_specversion: '1.0', cloudEvents_time: time } }).attributes.time
    expect(timeOf(1_767_323_045_678)).to.equal('2026-01-02T03:04:05.678Z')
    expect(timeOf(0)).to.equal('1970-01-01T00:00:00.000Z')
    expect(timeOf('2026-01-02T03:04:05Z')).to.equal('2026-01-02T03:04:05Z')
    expect(timeOf(999_999_999_999_999)).to.equal('999999999999999')
  })

  it('says by its properties what it is, where it has no attributes', () => {
    const properties = { messageId: 'm-1', type: 'Note', appId: 'py', correlationId: 'c-1', timestamp: 1_767_323_045 }
    expect(read(properties).attributes).to.deep.equal({
      id: 'm-1',
      type: 'Note',
      source: 'py',
      correlationid: 'c-1',
      time: '2026-01-02T03:04:05.000Z',
    })
    const structured = { ...properties, contentType: 'application/cloudevents+json' }
    expect(read(structured).attributes).to.deep.equal({})
  })

  it('has its headers as texts', () => {
    const headers = { n: 1, yes: true, none: null, bytes: Buffer.from('ü'), list: [{ a: 1 }], text: 'x' }
    expect(read({ headers }).headers).to.deep.equal({
      n: '1',
      yes: 'true',
      none: 'null',
      bytes: 'ü',
      list: '[{"a":1}]',
      text: 'x',
    })
  })

  it('takes no headers that AMQP cannot carry, or RabbitMQ takes for addresses', () => {
    const refused: readonly Record<string, string>[] = [
      { CC: 'x' },
      { BCC: 'x' },
      { '': 'x' },
      { ['n'.repeat(256)]: 'x' },
      { n: 'x'.repeat(60_001) },
      { 'ce-id': 'x' },
      { ce_tenant: 'x' },
      { 'cloudEvents:id': 'x' },
      { partitionkey: 'x' },
    ]
    for (const headers of refused) {
      const message: WireMessage = { body: Buffer.of(), attributes: {}, headers }
      expect(() => toEncoded(message, metadata, OPTIONS), JSON.stringify(headers).slice(0, 30))
        .to.throw(StreamerError)
        .with.property('code', 'EVENT_NOT_ENCODABLE')
    }
  })

  it('counts as large as all that travels', () => {
    const message: WireMessage = {
      body: Buffer.from('12'),
      contentType: 'a/b',
      attributes: {},
      headers: { ü: '1' },
      key: 'k',
    }
    const bytes = 2 + 3 + 3 + 'partitionkey'.length + 1
    expect(sizeOf(toEncoded(message, metadata, OPTIONS))).to.equal(bytes)
    expect(toEncoded(message, metadata, { ...OPTIONS, maxEventBytes: bytes }).bytes).to.equal(bytes)
    expect(toEncoded(message, metadata, { ...OPTIONS, maxEventBytes: bytes - 1 }).bytes).to.equal(bytes)
  })
})
