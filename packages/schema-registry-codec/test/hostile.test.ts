import { expect } from 'chai'
import { AvroSchema } from '../src/avro/avro-schema'
import { BoundedCache } from '../src/codec/bounded-cache'

const record = (name: string, ...fields: unknown[]) => ({
  type: 'record',
  name,
  fields: fields.map((type, index) => ({ name: `f${index}`, type })),
})
const list = (items: unknown) => ({ type: 'array', items })
const map = (values: unknown) => ({ type: 'map', values })

/** A zigzag varint: how Avro writes whole numbers. */
function long(value: bigint): number[] {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return [...bytes, Number(rest)]
}

const [GIGABYTES, BLOCK] = [long(2n ** 31n), long(2n ** 31n)]

describe('bytes that claim too much', () => {
  for (const [what, schema, bytes] of [
    ['text of 2 GB', 'string', GIGABYTES],
    ['bytes of 2 GB', 'bytes', GIGABYTES],
    ['bytes of a negative length', 'bytes', long(-5n)],
    ['a list of 2^31 nulls', list('null'), [...BLOCK, 0]],
    ['a list of 2^53 nulls', list('null'), [...long(2n ** 53n), 0]],
    ['a list of -2^63 nulls', list('null'), [...long(-(2n ** 63n)), 0, 0]],
    ['a list of 2^31 numbers', list('int'), [...BLOCK, 1]],
    ['a list of 2^31 empty records', list(record('Empty')), [...BLOCK, 0]],
    ['a map of 2^31 entries', map('null'), [...BLOCK, 0]],
    [
      'lists of lists of nulls',
      list(list('null')),
      [
        ...long(9_000n),
        ...Array(9_000)
          .fill([...long(9_000n), 0])
          .flat(),
        0,
      ],
    ],
    ['a long without end', 'long', Array(20).fill(255)],
    ['a count without end', list('null'), Array(2_000).fill(255)],
    ['a union of no branch', ['null', 'int'], long(7n)],
    ['a union of a negative branch', ['null', 'int'], long(-1n)],
    ['an enum of no symbol', { type: 'enum', name: 'E', symbols: ['A'] }, long(9n)],
    ['a fixed that is not there', { type: 'fixed', name: 'F', size: 2 ** 31 - 1 }, [1]],
    [
      'a decimal longer than its precision',
      { type: 'bytes', logicalType: 'decimal', precision: 4 },
      [...long(500n), ...Array(500).fill(1)],
    ],
    ['a time that no calendar has', { type: 'long', logicalType: 'timestamp-millis' }, long(2n ** 62n)],
    ['a time of day of another day', { type: 'int', logicalType: 'time-millis' }, long(86_400_000n)],
    ['nothing', 'int', []],
    ['more than its value', 'int', [0, 0]],
  ] as const) {
    it(`are refused at once: ${what}`, () => {
      const avro = AvroSchema.of(record('Event', schema))
      const begun = process.memoryUsage().heapUsed
      expect(() => avro.read(Uint8Array.from(bytes as readonly number[]))).to.throw(Error)
      expect(process.memoryUsage().heapUsed - begun).to.be.lessThan(100_000_000)
    })
  }

  for (const [what, schema, bytes] of [
    ['a list', list('null'), [...BLOCK, 0]],
    ['a list that says how long it is', list('null'), [...long(-1n), ...long(-100n), 0]],
    ['a list longer than the bytes', list('null'), [...long(-1n), ...GIGABYTES, 0]],
    ['a map', map('null'), [...BLOCK, 0]],
  ] as const) {
    it(`are refused at once by a reader that leaves them out: ${what}`, () => {
      const writer = AvroSchema.of(record('Event', schema, 'int'))
      const reader = AvroSchema.of({ type: 'record', name: 'Event', fields: [{ name: 'f1', type: 'int' }] })
      expect(() => writer.read(Uint8Array.from([...(bytes as readonly number[]), 0]), [reader])).to.throw(Error)
    })
  }

  it('are refused where they are nested too deeply, by every reader', () => {
    const node = { type: 'record', name: 'Node', fields: [{ name: 'next', type: ['null', 'Node'] }] }
    const [writer, reader] = [AvroSchema.of(node), AvroSchema.of({ ...node, aliases: ['Other'] })]
    const nested = (levels: number) => Buffer.concat([Buffer.alloc(levels, 2), Buffer.of(0)])
    for (const readers of [[], [reader]]) {
      expect(() => writer.read(nested(499), readers)).to.not.throw()
      expect(() => writer.read(nested(600), readers)).to.throw('nested too deeply')
      expect(() => writer.read(nested(1_000_000), readers)).to.throw(Error)
    }
  })

  it('may be a long list, in several blocks', () => {
    const items = Array.from({ length: 10_000 }, (_, index) => index)
    const bytes = [...long(-5_000n), ...long(9_000n), ...items.slice(0, 5_000).flatMap((one) => long(BigInt(one)))]
    const rest = [...long(5_000n), ...items.slice(5_000).flatMap((one) => long(BigInt(one))), 0]
    expect(AvroSchema.of(list('long')).read(Uint8Array.from([...bytes, ...rest])).value).to.deep.equal(items)
  })
})

describe('keys of a map', () => {
  it('reach no prototype', () => {
    const avro = AvroSchema.of(map(record('R', 'int')))
    const key = Buffer.from('__proto__')
    const bytes = Buffer.from([...long(1n), ...long(BigInt(key.length)), ...key, 2, 0])
    expect(() => avro.read(bytes)).to.throw('forbidden key')
    expect(Object.getPrototypeOf({})).to.equal(Object.prototype)
    const value = { constructor: { f0: 1 }, toString: { f0: 2 } }
    const read = avro.read(avro.write(value, 'R')).value as typeof value
    expect(Object.entries(read).map(([name, { f0 }]) => [name, f0])).to.deep.equal([
      ['constructor', 1],
      ['toString', 2],
    ])
  })
})

describe('a schema', () => {
  const laughs = [...Array(40).keys()].map((level) =>
    record(`R${level}`, ...Array(10).fill(level === 0 ? 'null' : `R${level - 1}`))
  )

  for (const [what, schema, references] of [
    [
      'whose field would be a prototype',
      { type: 'record', name: 'R', fields: [{ name: '__proto__', type: 'string' }] },
      [],
    ],
    ['that has a member for a prototype', '{"type":"record","name":"R","fields":[],"__proto__":{"a":1}}', []],
    ['that is code in the place of a name', { type: 'record', name: 'R(){}; process.exit(1); //', fields: [] }, []],
    [
      'that is code in the place of a field',
      { type: 'record', name: 'R', fields: [{ name: "x'];evil()//", type: 'int' }] },
      [],
    ],
    ['that is code in the place of a namespace', { type: 'record', name: 'R', namespace: 'a b', fields: [] }, []],
    ['that contains itself', record('R', 'R'), []],
    ['that stands for billions of values', laughs[39], laughs.slice(0, 39)],
    ['that is nested too deeply', JSON.parse(`${'{"type":"array","items":'.repeat(200)}"int"${'}'.repeat(200)}`), []],
    ['that is too large', JSON.stringify(record('R', 'int')) + ' '.repeat(1_100_000), []],
    [
      'of too many parts',
      { type: 'enum', name: 'E', symbols: Array.from({ length: 60_000 }, (_, index) => `S${index}`) },
      [],
    ],
    ['of a type that is none', 'toString', []],
    ['of an object in the place of a type', { type: 'constructor', name: 'x' }, []],
    ['that is nothing', 'null and void', []],
    ['that is a number', '7', []],
  ] as const) {
    it(`is refused ${what}`, () => {
      expect(() => AvroSchema.of(schema as object, references)).to.throw()
    })
  }

  it('takes no name for a symbol that every object has', () => {
    const avro = AvroSchema.of(record('Event', { type: 'enum', name: 'E', symbols: ['A', 'B'] }))
    for (const symbol of ['toString', '__proto__', 'constructor', 0, null]) {
      expect(() => avro.write({ f0: symbol }, 'Event')).to.throw('f0')
    }
  })

  it('says what is wrong without the value', () => {
    const avro = AvroSchema.of(record('Event', 'int', list(record('Inner', 'string')), ['null', 'int']))
    const good = { f0: 1, f1: [{ f0: 'a' }], f2: null }
    expect(() => avro.write(good, 'Event')).to.not.throw()
    for (const [event, words] of [
      [{ ...good, f0: 'hunter2' }, 'the field f0 is no int'],
      [{ ...good, f0: undefined }, 'the field f0 is missing'],
      [{ ...good, f1: [{ f0: 'a' }, { f0: 7 }] }, 'the field f1.1.f0 is no string'],
      [{ ...good, f2: 'hunter2' }, 'the field f2 is no branch of its union'],
      [{ ...good, f1: [{ f0: 'a', more: 'hunter2' }] }, 'the schema has no field f1.0.more'],
    ] as const) {
      expect(() => avro.write(event, 'Event')).to.throw(TypeError, words)
    }
  })
})

describe('what is remembered', () => {
  it('has a bound, and forgets what was used longest ago', () => {
    const cache = new BoundedCache<number, string>(2)
    cache.set(1, 'a')
    cache.set(2, 'b')
    expect(cache.get(1)).to.equal('a')
    cache.set(3, 'c')
    expect([cache.get(1), cache.get(2), cache.get(3), cache.size]).to.deep.equal(['a', undefined, 'c', 2])
    cache.set(4, 'd', 0)
    expect(cache.get(4)).to.equal(undefined)
  })
})
