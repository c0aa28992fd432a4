import { expect } from 'chai'
import fc from 'fast-check'
import { json } from '../src'
import type { DecodedEvent, WireMessage } from '../src'
import { fields, publishedMetadata } from './support/arbitraries'
import { message } from './support/messages'
import { thrownBy } from './support/thrown'

const PUBLISHED = { id: 'id', type: 'PostCreated', source: 'blog', time: '2026-01-01T00:00:00.000Z' }

const encode = (event: object) => json.encode(event, PUBLISHED) as WireMessage
const decode = (wire: WireMessage) => json.decode(wire) as DecodedEvent

describe('json', () => {
  it('gives back the event, and of its metadata the key and the headers', () => {
    fc.assert(
      fc.property(fields, publishedMetadata, (event, metadata) => {
        const wire = json.encode(event, metadata) as WireMessage
        const { key, headers = {} } = metadata
        expect(wire.attributes).to.deep.equal({})
        const beside = { key, headers, contentType: 'application/json', raw: wire.body }
        expect(decode(wire)).to.deep.equal({ payload: event, metadata: beside })
      })
    )
  })

  it('writes what the class writes of itself', () => {
    const event = { at: new Date(0), secret: undefined, entityID: () => '1' }
    expect(Buffer.from(encode(event).body).toString()).to.equal('{"at":"1970-01-01T00:00:00.000Z"}')
  })

  it('reads any JSON value, with or without a byte order mark', () => {
    for (const value of [null, true, 0.5, 'ü', [1], {}])
      expect(decode(message(JSON.stringify(value))).payload).to.deep.equal(value)
    expect(decode(message('\ufeff{"a":1}')).payload).to.deep.equal({ a: 1 })
  })

  it('reads a member called constructor that reaches no prototype', () => {
    const firm = { constructor: { name: 'a firm' }, other: { constructor: null } }
    expect(decode(message(JSON.stringify(firm))).payload).to.deep.equal(firm)
  })

  it('refuses to write what JSON has no form for', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    for (const event of [circle, Object.assign(circle, { amount: 1n }), { toJSON: () => undefined }, () => undefined]) {
      expect(thrownBy(() => encode(event), 'EVENT_NOT_ENCODABLE').at).to.equal('PostCreated')
    }
  })

  const REFUSED: ReadonlyArray<readonly [what: string, body: string | Uint8Array, said: RegExp]> = [
    ['nothing', '', /cannot be parsed/],
    ['half an object', '{"a":', /cannot be parsed/],
    ['two values', '{}{}', /cannot be parsed/],
    ['what is not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), /not UTF-8/],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), /cannot be parsed/],
    ['__proto__', '{"__proto__":{"isAdmin":true}}', /forbidden member/],
    ['__proto__ within', '{"a":[{"b":{"__proto__":1}}]}', /forbidden member/],
    ['__proto__ in disguise', '{"\\u005f_proto_\\u005f":{}}', /forbidden member/],
    ['constructor.prototype', '{"constructor":{"prototype":{"isAdmin":true}}}', /forbidden member/],
  ]

  for (const [what, body, said] of REFUSED) {
    it(`refuses to read ${what}`, () => {
      const error = thrownBy(() => decode(message(body)), 'EVENT_UNDECODABLE')
      expect(error.message).to.match(said)
      expect(({} as { isAdmin?: boolean }).isAdmin).to.equal(undefined)
    })
  }

  it('quotes nothing of a body that it refuses', () => {
    expect(thrownBy(() => decode(message('{"password":"hunter2"')), 'EVENT_UNDECODABLE').message).to.not.contain(
      'hunter2'
    )
  })
})
