import { expect } from 'chai'
import fc from 'fast-check'
import { cloudEvents, isStreamerError, json } from '../src'
import type { Codec, DecodedEvent, WireMessage } from '../src'
import { text } from './support/arbitraries'

const ATTRIBUTES = [
  'id',
  'source',
  'type',
  'subject',
  'time',
  'specversion',
  'schemaversion',
  'partitionkey',
  'datacontenttype',
]
const CONTENT_TYPES = [
  'application/json',
  'application/cloudevents+json',
  'application/cloudevents+json; charset=utf-8',
  'application/cloudevents+avro',
  'application/cloudevents-batch+json',
  'text/plain',
  'application/octet-stream',
  '',
]

const name = fc.oneof(
  fc.constantFrom(...ATTRIBUTES, '__proto__', 'constructor', 'toString', 'data', 'data_base64'),
  text
)
const beside = fc.array(fc.tuple(name, text), { maxLength: 6 }).map((entries) => Object.fromEntries(entries))

/** Bytes of any kind, and JSON that comes close to an event. */
const body = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.json({ maxDepth: 3, stringUnit: 'binary' }).map((it) => Buffer.from(it)),
  fc
    .array(fc.tuple(name, fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' })), { maxLength: 6 })
    .map((entries) => Buffer.from(JSON.stringify(Object.fromEntries(entries))))
)

const wireMessage: fc.Arbitrary<WireMessage> = fc.record(
  {
    body,
    contentType: fc.oneof(fc.constantFrom(...CONTENT_TYPES), text),
    attributes: beside,
    headers: beside,
    key: text,
  },
  { requiredKeys: ['body', 'attributes', 'headers'] }
)

describe('a message from anybody', () => {
  for (const codec of [cloudEvents, json]) {
    it(`becomes an event or EVENT_UNDECODABLE, by ${codec.name}`, () => {
      let decoded = 0
      fc.assert(
        fc.property(wireMessage, (message) => {
          const event = decode(codec, message)
          if (event === undefined) return
          decoded++
          expectSound(event, message)
        }),
        { numRuns: 2_000 }
      )
      expect(decoded).to.be.within(100, 1_950)
    })
  }

  after('the prototype of all objects is as it was', () => {
    expect(Object.getPrototypeOf({})).to.equal(Object.prototype)
    expect(Object.keys(Object.prototype)).to.deep.equal([])
  })

  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ]) {
    const nested = (levels: number) => Buffer.from(`${open.repeat(levels)}1${close.repeat(levels)}`)
    const decode = (body: Uint8Array) => json.decode({ body, attributes: {}, headers: {} })

    it(`may be nested 500 levels of ${open}, and no more`, () => {
      expect(() => decode(nested(500))).not.to.throw()
      expect(() => decode(nested(501))).to.throw('nested too deeply')
      expect(() => decode(nested(100_000))).to.throw('nested too deeply')
    })
  }

  it('may have any number of brackets that are not levels', () => {
    const flat = { text: '[{'.repeat(2_000) + '\\"[', list: Array.from({ length: 2_000 }, () => [{}]) }
    const body = Buffer.from(JSON.stringify(flat))
    expect(json.decode({ body, attributes: {}, headers: {} })).to.deep.include({ payload: flat })
  })
})

function decode(codec: Codec, message: WireMessage): DecodedEvent | undefined {
  try {
    return codec.decode(message) as DecodedEvent
  } catch (thrown) {
    if (isStreamerError(thrown, 'EVENT_UNDECODABLE')) return undefined
    throw thrown
  }
}

/** Metadata holds what its types say, and nothing of a message reaches a prototype. */
function expectSound({ payload, metadata }: DecodedEvent, message: WireMessage): void {
  const { headers = {}, raw, version, ...rest } = metadata
  expect(raw).to.equal(message.body)
  for (const value of [...Object.values(rest), ...Object.values(headers)]) {
    expect(typeof value).to.be.oneOf(['string', 'undefined'])
  }
  if (version !== undefined) expect(version).to.satisfy((it: number) => Number.isSafeInteger(it) && it >= 1)
  for (const value of [metadata, headers]) expect(Object.getPrototypeOf(value)).to.equal(Object.prototype)
  expectNoPrototype(payload)
}

function expectNoPrototype(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  expect(Object.getPrototypeOf(value)).to.be.oneOf([Object.prototype, Array.prototype])
  expect(Object.hasOwn(value, '__proto__')).to.equal(false)
  Object.values(value).forEach(expectNoPrototype)
}
