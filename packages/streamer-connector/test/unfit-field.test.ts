import { createContext, runInContext } from 'node:vm'
import { expect } from 'chai'
import fc from 'fast-check'
import { UUID } from '@boostercloud/framework-types'
import { assertEncodable, decodeJson, encodeJson } from '../src'
import { fields } from './support/arbitraries'
import { thrownBy } from './support/thrown'

class Money {
  public constructor(public readonly cents: number) {}
}

const circle: Record<string, unknown> = { n: 1 }
circle.self = { again: circle }

const REFUSED: Readonly<Record<string, readonly [event: object, named: string]>> = {
  NaN: [{ n: NaN }, "field 'n' is NaN"],
  Infinity: [{ lines: [{ price: Infinity }] }, "field 'lines[0].price' is Infinity"],
  '-Infinity': [{ a: { b: [[1, -Infinity]] } }, "field 'a.b[0][1]' is -Infinity"],
  'a boxed NaN': [{ n: Object(NaN) as unknown }, "field 'n' is NaN"],
  'a Map': [{ prices: new Map([['a', 1]]) }, "field 'prices' is a Map"],
  'a Set': [{ tags: new Set(['a']) }, "field 'tags' is a Set"],
  'a class derived from Map': [{ m: new (class Names extends Map {})() }, "field 'm' is a Map"],
  'a WeakMap': [{ w: new WeakMap() }, "field 'w' is a WeakMap"],
  'a RegExp': [{ r: /a/ }, "field 'r' is a RegExp"],
  'an Error': [{ e: new TypeError('x') }, "field 'e' is a TypeError"],
  'a Promise': [{ p: Promise.resolve(1) }, "field 'p' is a Promise"],
  'a typed array': [{ b: Uint8Array.of(1) }, "field 'b' is a Uint8Array"],
  'an ArrayBuffer': [{ b: new ArrayBuffer(1) }, "field 'b' is a ArrayBuffer"],
  URLSearchParams: [{ q: new URLSearchParams('a=b') }, "field 'q' is a URLSearchParams"],
  'a function': [{ f: () => 1 }, "field 'f' is a function"],
  'a function deep inside that is called as every event has one': [{ a: { entityID: () => '1' } }, "'a.entityID'"],
  'a symbol': [{ s: Symbol('a') }, "field 's' is a symbol"],
  'undefined in a list': [{ a: [1, undefined] }, "field 'a[1]' is undefined"],
  'a hole in a list': [{ a: Object.assign([], { 1: 1 }) }, "field 'a[0]' is undefined"],
  'a Date that is none': [{ at: new Date(NaN) }, "field 'at' is a Date that is no time"],
  'a toJSON that answers NaN': [{ a: { toJSON: () => ({ n: NaN }) } }, "field 'a.n' is NaN"],
  'a toJSON that throws': [{ a: { toJSON: () => expect.fail('said no') } }, 'said no'],
  'a circle': [circle, "field 'self.again' is a circle"],
  'half of a pair of UTF-16': [{ id: 'a\ud800' }, "field 'id' is text that is not well-formed"],
  'the same as a name': [{ 'a\udc00': 1 }, 'a name that is not well-formed'],
  'a name that is no identifier': [{ 'no such': NaN }, `field '["no such"]' is NaN`],
  'a name that reaches a prototype': [JSON.parse('{"a":{"__proto__":{}}}') as object, "'a.__proto__'"],
  'the other such name': [{ constructor: { prototype: {} } }, "'constructor'"],
  'more levels than are read': [nested(600), 'nested deeper than 500 levels'],
}

function nested(levels: number): object {
  let inner: object = {}
  for (let n = 1; n < levels; n += 1) inner = { inner }
  return inner
}

describe('an event that the wire has no form for', () => {
  for (const [what, [event, named]] of Object.entries(REFUSED)) {
    it(`is refused with the field that has it: ${what}`, () => {
      const error = thrownBy(() => assertEncodable(event, 'Order'), 'EVENT_NOT_ENCODABLE')
      expect(error.message).to.include(named).and.include('Order')
      expect(thrownBy(() => encodeJson(event), 'EVENT_NOT_ENCODABLE').message).to.include(named)
    })
  }

  it('is not one that is no object of fields either', () => {
    expect(thrownBy(() => assertEncodable(new Map()), 'EVENT_NOT_ENCODABLE').message).to.include('it is a Map')
  })
})

describe('an event that the wire has a form for', () => {
  const ALLOWED: Readonly<Record<string, readonly [event: object, read: unknown]>> = {
    'a field that is undefined is absent': [{ a: undefined, b: 1 }, { b: 1 }],
    'a Date': [{ at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    'big integers': [{ n: 2n ** 64n }, { n: 2n ** 64n }],
    '-0 is 0': [{ n: -0 }, { n: 0 }],
    'a UUID': [{ id: new UUID('a') }, { id: 'a' }],
    'nested classes, shared objects': [
      { a: new Money(1), b: [new Money(2)] },
      { a: { cents: 1 }, b: [{ cents: 2 }] },
    ],
    'a Buffer has a form of its own': [{ b: Buffer.of(1) }, { b: { type: 'Buffer', data: [1] } }],
    'a URL has one too': [{ u: new URL('http://a/') }, { u: 'http://a/' }],
    'a Map with one': [{ m: Object.assign(new Map(), { toJSON: () => [] }) }, { m: [] }],
    'a class without fields': [{ a: new (class Nothing {})() }, { a: {} }],
    'an object without a prototype': [{ a: Object.assign(Object.create(null) as object, { b: 1 }) }, { a: { b: 1 } }],
    'an object of another realm': [
      runInContext('({ a: [1, { b: "c" }] })', createContext()) as object,
      { a: [1, { b: 'c' }] },
    ],
    'an entityID that is a field': [{ n: 1, entityID: () => '1' }, { n: 1 }],
    'as many levels as are read': [nested(500), nested(500)],
    'well-formed pairs': [{ s: '👍' }, { s: '👍' }],
  }
  for (const [what, [event, read]] of Object.entries(ALLOWED)) {
    it(`is written: ${what}`, () => {
      expect(decodeJson(encodeJson(event))).to.deep.equal(read)
    })
  }

  it('may hold one object twice', () => {
    const shared = { n: 1 }
    expect(decodeJson(encodeJson({ a: shared, b: [shared, shared] }))).to.deep.equal({ a: shared, b: [shared, shared] })
  })

  it('is all that JSON has', () => {
    fc.assert(
      fc.property(fields, (event) => {
        expect(decodeJson(encodeJson(event))).to.deep.equal(JSON.parse(JSON.stringify(event)))
      })
    )
  })
})
