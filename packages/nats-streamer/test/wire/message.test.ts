import { expect } from 'chai'
import fc from 'fast-check'
import { MsgHdrsImpl } from '@nats-io/nats-core'
import type { Msg, MsgHdrs } from '@nats-io/nats-core'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { ReadMessage, WireMessage } from '@boostercloud/streamer-connector'
import { percentDecode, percentEncode } from '../../src/wire/percent'
import { headersOf, sizeOfHeaders, toMessage } from '../../src/wire/message'

/** What a line can have, without blanks around it. */
const isLine = (value: string): boolean => value.trim() === value && !/[\r\n]/.test(value)
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter(isLine)
const attributeName = fc.stringMatching(/^[a-z0-9]{1,8}$/).filter((name) => name !== 'datacontenttype')
const headerName = fc.stringMatching(/^[!-9;-~]{1,8}$/).filter((name) => !/^(ce-|nats-|__proto__$)/i.test(name))
const message: fc.Arbitrary<WireMessage> = fc.record({
  body: fc.uint8Array({ maxLength: 20 }),
  contentType: fc.option(fc.constantFrom('application/json', 'text/plain; charset="x y"'), { nil: undefined }),
  contentEncoding: fc.option(fc.constant('gzip'), { nil: undefined }),
  attributes: fc.dictionary(attributeName, fc.string({ unit: 'grapheme', minLength: 1 }), { noNullPrototype: true }),
  headers: fc.dictionary(headerName, text, { noNullPrototype: true }),
  key: fc.option(fc.string({ unit: 'grapheme', minLength: 1 }).filter(isLine), { nil: undefined }),
})

const encoded = (headers: MsgHdrs): Uint8Array => (headers as MsgHdrsImpl).encode()

/** As the client has it when it comes. */
function arrived(block: Uint8Array, body: Uint8Array): Msg {
  return { _msg: { hdr: block.length }, _rdata: Buffer.concat([block, body]), data: body } as unknown as Msg
}

describe('a message on the wire', () => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(message, (given) => {
        const { undecodable, ...read } = toMessage(arrived(encoded(headersOf(given, 'Note')), given.body))
        const key = given.key === (given.attributes.partitionkey ?? given.attributes.subject) ? undefined : given.key
        expect({ ...read, body: [...read.body] }).to.deep.equal({ ...given, key, body: [...given.body] })
        expect(undecodable).to.equal(undefined)
      })
    )
  })

  it('is read from what the client shows as from what came', () => {
    fc.assert(
      fc.property(message, (given) => {
        const headers = headersOf(given, 'Note')
        const shown = toMessage({ headers: MsgHdrsImpl.decode(encoded(headers)), data: given.body })
        expect(shown).to.deep.equal(toMessage(arrived(encoded(headers), given.body)))
      })
    )
  })

  it('has the size that is counted', () => {
    fc.assert(
      fc.property(message, (given) => {
        const headers = headersOf(given, 'Note')
        expect(sizeOfHeaders(headers)).to.equal(encoded(headers).length)
      })
    )
  })

  it("is CloudEvents' binding in binary mode", () => {
    const attributes = { specversion: '1.0', id: '1', source: '/a b', subject: 'Euro € 😀', type: 'Note' }
    const headers = headersOf(
      {
        body: Buffer.from('{}'),
        contentType: 'application/json',
        attributes,
        headers: { 'x-tenant': 'acme inc' },
        key: '1',
      },
      'Note'
    )
    expect([...headers].map(([name, values]) => `${name}: ${values.join('|')}`)).to.deep.equal([
      'ce-specversion: 1.0',
      'ce-id: 1',
      'ce-source: /a%20b',
      'ce-subject: Euro%20%E2%82%AC%20%F0%9F%98%80',
      'ce-type: Note',
      'ce-datacontenttype: application/json',
      'Message-Key: 1',
      'x-tenant: acme inc',
    ])
  })

  it('tells structured mode and bare bodies by Content-Type', () => {
    const bare = { body: Buffer.from('{}'), contentType: 'application/json', attributes: {}, headers: {} }
    expect(headersOf(bare, 'Note').get('Content-Type')).to.equal('application/json')
    const block = Buffer.from('NATS/1.0\r\nContent-Type: application/cloudevents+json\r\n\r\n')
    expect(toMessage(arrived(block, Buffer.from('{}'))).contentType).to.equal('application/cloudevents+json')
  })

  it('reads what others write: other cases, quotes, spaces, repeated headers, nothing at all', () => {
    const block = [
      'NATS/1.0',
      'Ce-Id:  "a \\"quoted\\" one" ',
      'CE-Source: x%20y',
      'X-Rate: 100%',
      'x: 1',
      'x: 2',
      'Nats-Msg-Id: 7',
      'nonsense',
      ': nothing',
    ]
    const read = toMessage(arrived(Buffer.from(`${block.join('\r\n')}\r\n\r\n`), Buffer.from('{}')))
    expect(read.attributes).to.deep.equal({ id: 'a "quoted" one', source: 'x y' })
    expect(read.headers).to.deep.equal({ 'X-Rate': '100%', x: '1, 2' })
    expect(read.undecodable).to.equal(undefined)
    expect(toMessage(arrived(Buffer.alloc(0), Buffer.from('{}'))).headers).to.deep.equal({})
    expect(toMessage({ data: Buffer.from('{}') }).headers).to.deep.equal({})
  })

  it('says so where an attribute is not UTF-8', () => {
    const read = toMessage(arrived(Buffer.from('NATS/1.0\r\nce-id: %C0%A0\r\n\r\n'), Buffer.from('{}')))
    expect(isStreamerError(read.undecodable, 'EVENT_UNDECODABLE')).to.equal(true)
    expect(read.attributes.id).to.equal('%C0%A0')
  })

  it('never throws, whatever came', () => {
    const block = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.stringMatching(/^(NATS\/1\.0\r\n)?[ce\-:%"\\ \r\nA0]{0,40}$/).map((line) => Buffer.from(line))
    )
    fc.assert(fc.property(block, (bytes) => void toMessage(arrived(bytes, Buffer.alloc(0)))))
  })

  it('has no header with a name that NATS has not', () => {
    const given = { body: Buffer.alloc(0), attributes: { id: '1' }, headers: {} }
    for (const name of ['naïve', 'a b', 'a:b', '', 'a\r\nb']) {
      let thrown: unknown
      try {
        headersOf({ ...given, headers: { [name]: 'x' } }, 'Note')
      } catch (error) {
        thrown = error
      }
      expect(isStreamerError(thrown, 'EVENT_NOT_ENCODABLE'), name).to.equal(true)
    }
  })

  it('refuses headers with names of the server and of the binding, and what a header cannot have', () => {
    const given = { body: Buffer.alloc(0), attributes: { id: '1' }, headers: {} }
    for (const name of ['Nats-Msg-Id', 'ce-id', 'CE-anything', 'content-type', 'Message-Key'])
      expect(
        thrownBy(() => headersOf({ ...given, headers: { [name]: 'x' } }, 'Note')),
        name
      ).to.include(name)
    for (const value of ['a\nb', 'a\r', ' a', 'a\t', '\u00a0a'])
      expect(
        thrownBy(() => headersOf({ ...given, headers: { own: value } }, 'Note')),
        value
      ).to.include('"own"')
    expect(thrownBy(() => headersOf({ ...given, key: 'a\nb' }, 'Note'))).to.include('"Message-Key"')
  })

  it('leaves everything as it is but attributes: nothing looks encoded that is not', () => {
    const headers = { path: 'a%2Fb', city: 'Łódź "日本"', rate: '100%' }
    const given = { body: Buffer.alloc(0), attributes: {}, headers, key: 'a%20b ö' }
    const written = headersOf(given, 'Note')
    expect(written.get('path')).to.equal('a%2Fb')
    expect(written.get('Message-Key')).to.equal('a%20b ö')
    expect(toMessage(arrived(encoded(written), given.body))).to.deep.include({ headers, key: given.key })
  })

  it('says so where what can be there once is there with two values', () => {
    for (const [name, ...values] of [
      ['ce-id', 'a', 'b'],
      ['ce-own', 'a', 'b'],
      ['ce-datacontenttype', 'text/plain', 'application/json'],
      ['Content-Type', 'text/plain', 'application/json'],
      ['Content-Encoding', 'gzip', 'br'],
      ['Message-Key', 'a', 'b'],
    ]) {
      const read = (...all: string[]): ReadMessage =>
        toMessage(
          arrived(Buffer.from(`NATS/1.0\r\n${all.map((each) => `${name}: ${each}\r\n`).join('')}\r\n`), Buffer.alloc(0))
        )
      expect(isStreamerError(read(...values).undecodable, 'EVENT_UNDECODABLE'), name).to.equal(true)
      expect(read(values[0], values[0]).undecodable, `${name}, one value`).to.equal(undefined)
    }
  })
})

/** The message of what is refused. */
function thrownBy(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (isStreamerError(error, 'EVENT_NOT_ENCODABLE')) return error.message
    throw error
  }
  return 'nothing was thrown'
}

describe('percent-encoding', () => {
  it('is undone, and leaves printable ASCII only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(percentEncode(value)).to.match(/^[!#-~]*$/)
        expect(percentDecode(percentEncode(value))).to.equal(value)
      })
    )
  })
})
