import { expect } from 'chai'
import fc from 'fast-check'
import { cloudEvents, cloudEventsWith, json, jsonWith } from '../src'
import type { Codec, DecodedEvent, WireMessage } from '../src'
import { message, structured } from './support/messages'
import { thrownBy } from './support/thrown'

const PUBLISHED = { id: 'id', type: 'Paid', source: 'till', time: '2026-01-01T00:00:00.000Z' }

const write = (event: object) => Buffer.from((json.encode(event, PUBLISHED) as WireMessage).body).toString()
const read = (text: string, codec: Codec = json) => (codec.decode(message(text)) as DecodedEvent).payload

/** Whole numbers around those that a double keeps, and far beyond. */
const whole = fc.oneof(
  fc.bigInt({ min: 2n ** 53n - 10n, max: 2n ** 53n + 10n }),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n })
)
const asNumber = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : value)

describe('numbers in JSON', () => {
  it('that are whole arrive as what they are, and go out as they came', () => {
    fc.assert(
      fc.property(fc.array(whole), (values) => {
        const text = `{"a":[${values.join(',')}],"b":"${values.join('')}"}`
        const event = read(text)
        expect(event).to.deep.equal({ a: values.map(asNumber), b: values.join('') })
        expect(write(event as object)).to.equal(text)
      })
    )
  })

  it('that are doubles arrive as the same doubles, from whoever writes them', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 17, max: 40 }),
        (value, digits) => {
          expect(read(write({ value }))).to.deep.equal({ value: value === 0 ? 0 : value })
          const fraction = Number.isInteger(value) ? value.toExponential() : JSON.stringify(value)
          expect(read(fraction)).to.equal(value)
          expect(read(value.toExponential(digits))).to.equal(value)
        }
      )
    )
  })

  it('keep their kind through a codec of ours: a bigint is one, a large double too', () => {
    const event = { id: 2n ** 60n, distance: 2 ** 60, list: [1, 1n, -(2n ** 64n)], at: new Date(0), not: undefined }
    expect(read(write(event))).to.deep.equal({
      id: 2n ** 60n,
      distance: 2 ** 60,
      list: [1, 1, -(2n ** 64n)],
      at: '1970-01-01T00:00:00.000Z',
    })
  })

  for (const literal of [
    '99999999999999.99',
    '12345678901234567.89',
    '9007199254740993.0',
    '9007199254740993e0',
    '0.33333333333333333333',
    '1.2345e-320',
    '1e-400',
    '1e400',
    '-1e400',
    '9'.repeat(2_000),
  ]) {
    it(`that cannot be kept are refused: ${literal.slice(0, 30)}`, () => {
      for (const text of [literal, `{"a":[${literal}]}`]) {
        expect(thrownBy(() => read(text), 'EVENT_UNDECODABLE').message).to.match(/it has a number/)
      }
      const event = structured({ id: '1', data: 0 })
      const body = Buffer.from(Buffer.from(event.body).toString().replace('"data":0', `"data":${literal}`))
      expect(thrownBy(() => cloudEvents.decode({ ...event, body }), 'EVENT_UNDECODABLE').message).to.match(/a number/)
    })
  }

  for (const literal of [
    '0.10000000000000000555',
    '1.50000000000000000000000',
    '0e999',
    '1e21',
    '12345678901234560e-2',
    '1E5',
  ]) {
    it(`that say no more than their double are read: ${literal}`, () => {
      expect(read(`[${literal}]`)).to.deep.equal([Number(literal)])
    })
  }

  it('are the nearest doubles where that is asked for', () => {
    for (const codec of [jsonWith({ roundDecimals: true }), cloudEventsWith({ roundDecimals: true })]) {
      expect(read('[0.33333333333333333333, 1e-400, 9007199254740993]', codec)).to.deep.equal([
        1 / 3,
        0,
        2n ** 53n + 1n,
      ])
      thrownBy(() => read('1e400', codec), 'EVENT_UNDECODABLE')
    }
  })

  it('that are long change nothing of what is beside them', () => {
    const beside = '"a":"1234567890123456789","b":{"a":1,"a":2},"\\u00fc":["\\ud83c\\udf89\\n",null,true,-0.5]'
    const event = { a: '1234567890123456789', b: { a: 2 }, ü: ['🎉\n', null, true, -0.5] }
    expect(read(`\ufeff{${beside},"c":12345678901234567890}`)).to.deep.equal({ ...event, c: 12345678901234567890n })
    for (const name of ['{"__proto__":{}}', '{"constructor":{"prototype":1}}']) {
      thrownBy(() => read(`[${name},12345678901234567890]`), 'EVENT_UNDECODABLE')
    }
  })

  it('are refused together with a circle', () => {
    const circle: Record<string, unknown> = { amount: 1n }
    circle.self = circle
    thrownBy(() => write(circle), 'EVENT_NOT_ENCODABLE')
  })
})
