import { dirname, join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { Cursor } from '../../src/wire/cursor'
import { MOST, readTable } from '../../src/wire/field-table'
import type { FieldTable } from '../../src/wire/field-table'
import { nestedLists, of, table } from '../support/amqp-bytes'
import type { Value } from '../support/amqp-bytes'

/** Written by Python's pika 1.4.4. */
const BY_PIKA =
  '000000bb04746578745300000002c3bc03696e7449fffffffb036269676c002000000000000105736d616c6c6c8000000000000000036465634401fffffff10563656e7473440200000005037965737401046e6f6e65560562797465737800000003ff00800474696d655400000000695735a5066e65737465644600000040046c697374410000002a49000000016c00200000000000014401fffffff17800000001ff460000000b095f5f70726f746f5f5f560261745400000000695735a5'

function read(bytes: Buffer): FieldTable {
  const cursor = new Cursor(bytes, 0, bytes.length)
  const found = readTable(cursor)
  expect(cursor).to.include({ at: bytes.length, end: bytes.length })
  return found
}

/** The only value of a table. */
function textOf(value: Value): string | undefined {
  const { fields, error } = read(table(['n', value]))
  expect(error).to.equal(undefined)
  return fields[0]?.[1]
}

/** A value with the text that it is, and the JSON that it is inside of another. */
interface Sample {
  readonly bytes: Value
  readonly text: string
  readonly json: string
}

function sample(bytes: Value, text: string, json = text): Sample {
  return { bytes, text, json }
}

const whole = (least: number, most: number, write: (n: number) => Value): fc.Arbitrary<Sample> =>
  fc.integer({ min: least, max: most }).map((n) => sample(write(n), String(n)))
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
/** Any character of Unicode, NUL among them. */
const text = fc.string({ unit: 'binary' })
const decimals = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
  .map(([scale, digits]) => {
    const [sign, figures] = [digits < 0 ? '-' : '', String(Math.abs(digits))]
    const padded = '0'.repeat(Math.max(0, scale + 1 - figures.length)) + figures
    const [before, behind] = [padded.slice(0, padded.length - scale), padded.slice(padded.length - scale)]
    return sample(of.D(scale, digits), sign + before + (scale > 0 ? `.${behind}` : ''))
  })

const scalars = fc.oneof(
  whole(-128, 127, of.b),
  whole(0, 255, of.B),
  whole(-(2 ** 15), 2 ** 15 - 1, of.s),
  whole(-(2 ** 15), 2 ** 15 - 1, of.U),
  whole(0, 2 ** 16 - 1, of.u),
  whole(-(2 ** 31), 2 ** 31 - 1, of.I),
  whole(0, 2 ** 32 - 1, of.i),
  int64.map((n) => sample(of.l(n), String(n))),
  int64.map((n) => sample(of.L(n), String(n))),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => sample(of.d(n), Object.is(n, -0) ? '-0' : String(n))),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((n) => sample(of.f(n), Object.is(n, -0) ? '-0' : String(n))),
  decimals,
  fc.boolean().map((flag) => sample(of.t(flag), String(flag))),
  fc.constant(sample(of.V(), 'null')),
  text.map((one) => sample(of.S(one), one, JSON.stringify(one))),
  text.map((one) => sample(of.x(Buffer.from(one)), one, JSON.stringify(one))),
  fc
    .integer({ min: 0, max: 253_402_300_799 })
    .map((seconds) => new Date(seconds * 1000).toISOString())
    .map((time) => sample(of.T(BigInt(Date.parse(time) / 1000)), time, JSON.stringify(time)))
)

const names = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', '', '\0'),
  fc.string({ unit: 'grapheme', maxLength: 10 })
)

const values = fc.letrec<{ value: Sample }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }).map((members) => {
      const json = `[${members.map((member) => member.json).join(',')}]`
      return sample(of.A(...members.map(({ bytes }) => bytes)), json)
    }),
    fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((fields) => {
      const json = `{${fields.map(([name, { json: inner }]) => `${JSON.stringify(name)}:${inner}`).join(',')}}`
      return sample(of.F(...fields.map(([name, { bytes }]) => [name, bytes] as const)), json)
    })
  ),
})).value

describe('a field table of AMQP', () => {
  it('is read exactly, whatever it has', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(names, values), { maxLength: 6 }), (fields) => {
        const { fields: found, error } = read(table(...fields.map(([name, { bytes }]) => [name, bytes] as const)))
        expect(error).to.equal(undefined)
        expect(found).to.deep.equal(fields.map(([name, { text: value }]) => [name, value]))
      }),
      { numRuns: 500 }
    ))

  it('is read as Python wrote it', () => {
    expect(Object.fromEntries(read(Buffer.from(BY_PIKA, 'hex')).fields)).to.deep.equal({
      text: 'ü',
      int: '-5',
      big: '9007199254740993',
      small: '-9223372036854775808',
      dec: '-1.5',
      cents: '0.05',
      yes: 'true',
      none: 'null',
      bytes: 'base64:/wCA',
      time: '2026-01-02T03:04:05.000Z',
      nested: '{"list":[1,9007199254740993,-1.5,"base64:/w==",{"__proto__":null}],"at":"2026-01-02T03:04:05.000Z"}',
    })
  })

  it('is read as amqplib wrote it', async () => {
    const { encodeTable } = (await import(join(dirname(require.resolve('amqplib')), 'lib/codec.js'))) as {
      encodeTable(buffer: Buffer, value: object, offset: number): number
    }
    const written = {
      whole: 7,
      most: Number.MAX_SAFE_INTEGER,
      half: -1.5,
      list: ['a', null, true, { x: 1 }],
      bytes: Buffer.of(0, 255),
      at: { '!': 'timestamp', value: 1_767_323_045 },
      money: { '!': 'decimal', value: { places: 2, digits: 1990 } },
    }
    const buffer = Buffer.alloc(1000)
    const length = encodeTable(buffer, written, 0)
    expect(Object.fromEntries(read(buffer.subarray(0, length)).fields)).to.deep.equal({
      whole: '7',
      most: '9007199254740991',
      half: '-1.5',
      list: '["a",null,true,{"x":1}]',
      bytes: 'base64:AP8=',
      at: '2026-01-02T03:04:05.000Z',
      money: '19.90',
    })
  })

  it('tells texts apart that are not UTF-8, and names', () => {
    const [one, other] = [Buffer.of(0x61, 0xff), Buffer.of(0x61, 0xfe)]
    expect([textOf(of.S(one)), textOf(of.S(other))]).to.deep.equal(['base64:Yf8=', 'base64:Yf4='])
    expect(textOf(of.S('\uFFFD'))).to.equal('\uFFFD')
    expect(read(table([one, of.V()], [other, of.V()])).fields).to.deep.equal([
      ['base64:Yf8=', 'null'],
      ['base64:Yf4=', 'null'],
    ])
  })

  it('has numbers that are none as texts in JSON, and times without a form in RFC 3339 as digits', () => {
    expect(textOf(of.A(of.d(NaN), of.d(-Infinity), of.f(Infinity)))).to.equal('["NaN","-Infinity","Infinity"]')
    expect(textOf(of.T(253_402_300_799n))).to.equal('9999-12-31T23:59:59.000Z')
    expect(textOf(of.T(2n ** 64n - 1n))).to.equal('18446744073709551615')
    expect(JSON.parse(textOf(of.A(of.T(2n ** 64n - 1n))) ?? '')).to.deep.equal(['18446744073709551615'])
  })

  it('is nested as deep as it may be, and no deeper; what stands beside that is read', () => {
    expect(textOf(nestedLists(MOST.levels))).to.equal('['.repeat(MOST.levels) + ']'.repeat(MOST.levels))
    for (const levels of [MOST.levels + 1, 20_000, 1_000_000]) {
      const { fields, error } = read(table(['a', of.S('1')], ['deep', nestedLists(levels)], ['b', of.S('2')]))
      expect(fields).to.deep.equal([
        ['a', '1'],
        ['b', '2'],
      ])
      expect(error).to.have.property('code', 'EVENT_UNDECODABLE')
      expect(error?.message).to.include(`deeper than ${MOST.levels} levels`)
    }
  })

  it('has as many values, and as much text, as it may, and no more', () => {
    const many = of.A(...Array.from({ length: MOST.values }, () => of.V()))
    expect(read(table(['n', many])).error?.message).to.include(`more than ${MOST.values} values`)
    const long = of.A(...Array.from({ length: 5_000 }, () => of.D(255, 1)))
    expect(read(table(['n', long])).error?.message).to.include(`more than ${MOST.characters} characters`)
    const top = table(...Array.from({ length: MOST.values + 1 }, (_, n) => [String(n), of.V()] as const))
    expect(read(top).error?.message).to.include('values')
  })

  it('says what it cannot read, and reads what comes before', () => {
    const before = ['a', of.S('1')] as const
    const wrong: readonly Buffer[] = [
      Buffer.from('Z'),
      Buffer.concat([Buffer.from('S'), Buffer.of(0, 0, 1, 0, 0x61)]),
      Buffer.concat([Buffer.from('A'), Buffer.of(255, 255, 255, 255)]),
      Buffer.from('l123'),
      Buffer.of(),
    ]
    for (const value of wrong) {
      const { fields, error } = read(table(before, ['b', value]))
      expect(fields).to.deep.equal([['a', '1']])
      expect(error).to.have.property('code', 'EVENT_UNDECODABLE')
    }
    const beyondItsList = of.A(Buffer.concat([Buffer.from('F'), Buffer.of(0, 0, 0, 9, 1)]))
    const { fields, error } = read(table(before, ['b', beyondItsList], ['c', of.b(3)]))
    expect(fields).to.deep.equal([
      ['a', '1'],
      ['c', '3'],
    ])
    expect(error).to.have.property('code', 'EVENT_UNDECODABLE')
  })
})
