import { expect } from 'chai'
import { AvroSchema } from '../src/avro/avro-schema'
import { plain } from './support/plain'

const record = (fields: Readonly<Record<string, unknown>>, more: object = {}) => ({
  type: 'record',
  name: 'Event',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  ...more,
})

/** What a reader makes of what a writer has written. */
function read(writer: object, reader: object, value: object): unknown {
  const written = AvroSchema.of(writer)
  return plain(written.read(written.write(value, 'Event'), [AvroSchema.of(reader)]).value)
}

const logical = (type: string, logicalType: string, more: object = {}) => ({ type, logicalType, ...more })

describe('the schema of a reader', () => {
  it('leaves out what it does not know, and completes what the writer did not', () => {
    const reader = { ...record({ a: 'string' }), namespace: 'com.acme' }
    reader.fields.push({ name: 'b', type: 'int', default: 7 } as never)
    expect(
      read(record({ x: { type: 'map', values: 'long' }, a: 'string' }), reader, { x: { y: 1 }, a: 'A' })
    ).to.deep.equal({
      a: 'A',
      b: 7,
    })
  })

  it('finds fields by their old names', () => {
    const reader = { ...record({}), fields: [{ name: 'title', aliases: ['subject'], type: 'string' }] }
    expect(read(record({ subject: 'string' }), reader, { subject: 'S' })).to.deep.equal({ title: 'S' })
  })

  it('reads an int as a long, a long as a double, a value as one that may be null', () => {
    const writer = record({ a: 'int', b: 'long', c: 'string', d: 'long' })
    const reader = record({ a: 'long', b: 'double', c: ['null', 'string'], d: ['null', 'long'] })
    expect(read(writer, reader, { a: 1, b: 2, c: 'C', d: 2n ** 60n })).to.deep.equal({
      a: 1,
      b: 2,
      c: 'C',
      d: 2n ** 60n,
    })
  })

  it('reads logical types as they are, and as what is beneath where it asks for that', () => {
    const times = {
      at: logical('long', 'timestamp-micros'),
      price: logical('bytes', 'decimal', { precision: 5, scale: 2 }),
    }
    const value = { at: '2026-11-21T08:00:00.000001Z', price: '1.50' }
    const wider = { ...times, price: logical('bytes', 'decimal', { precision: 9, scale: 2 }) }
    expect(read(record(times), record(wider), value)).to.deep.equal(value)
    expect(read(record(times), record({ at: 'long' }), value)).to.deep.equal({ at: 1_795_248_000_000_001 })
    expect(read(record({ at: 'long' }), record({ at: times.at }), { at: 1_795_248_000_000_001 })).to.deep.equal({
      at: value.at,
    })
  })

  for (const [what, writer, reader, value] of [
    [
      'another unit of time',
      logical('long', 'timestamp-millis'),
      logical('long', 'timestamp-micros'),
      '2026-11-21T08:00:00.000Z',
    ],
    [
      'a local time',
      logical('long', 'timestamp-millis'),
      logical('long', 'local-timestamp-millis'),
      '2026-11-21T08:00:00.000Z',
    ],
    [
      'another scale',
      logical('bytes', 'decimal', { precision: 5, scale: 2 }),
      logical('bytes', 'decimal', { precision: 5, scale: 3 }),
      '1.00',
    ],
    ['a number', 'string', 'int', 'a'],
    ['a shorter number', 'long', 'int', 1],
  ] as const) {
    it(`does not take ${what} for its own`, () => {
      expect(() => read(record({ a: writer }), record({ a: reader }), { a: value })).to.throw()
    })
  }

  it('is for records of its name only, whatever their namespace', () => {
    const other = AvroSchema.of({ ...record({ a: 'int' }), name: 'Other' })
    const writer = AvroSchema.of({ ...record({ a: 'int', b: 'int' }), namespace: 'com.acme' })
    const bytes = writer.write({ a: 1, b: 2 }, 'Event')
    expect(plain(writer.read(bytes, [other]))).to.deep.equal({ value: { a: 1, b: 2 }, name: 'com.acme.Event' })
    expect(plain(writer.read(bytes, [other, AvroSchema.of(record({ a: 'int' }))]).value)).to.deep.equal({ a: 1 })
  })

  it('takes its record out of a union of several', () => {
    const union = AvroSchema.of([record({ a: 'int' }), { ...record({ b: 'int' }), name: 'Other' }])
    const bytes = union.write({ b: 7 }, 'Other')
    expect(plain(union.read(bytes))).to.deep.equal({ value: { b: 7 }, name: 'Other' })
    const reader = AvroSchema.of({ ...record({ b: 'long' }), name: 'Other' })
    expect(plain(union.read(bytes, [reader]).value)).to.deep.equal({ b: 7 })
    expect(() => union.write({ b: 7 }, 'Third')).to.throw('Third')
  })
})

describe('what fits in part', () => {
  const [writer, reader] = [record({ a: ['null', 'string', 'int'] }), record({ a: ['null', 'string'] })]

  it('is an error only for the values that do not', () => {
    expect(read(writer, reader, { a: 'A' })).to.deep.equal({ a: 'A' })
    expect(read(writer, reader, { a: null })).to.deep.equal({ a: null })
    expect(() => read(writer, reader, { a: 7 })).to.throw(TypeError, 'Event.a, int, cannot be read as null or string')
  })

  it('is so behind lists, in records of a union, and in symbols', () => {
    const inner = (fields: object[]) => ({ type: 'record', name: 'Inner', fields })
    const items = (of: object) => record({ a: { type: 'array', items: of } })
    const [narrow, wide] = [items(inner([])), items(inner([{ name: 'b', type: 'int' }]))]
    expect(read(narrow, wide, { a: [] })).to.deep.equal({ a: [] })
    expect(() => read(narrow, wide, { a: [{}] })).to.throw('no matching field for Inner.b')
    const other = { type: 'record', name: 'Other', fields: [] }
    expect(read(record({ a: [inner([]), other] }), record({ a: ['null', other] }), { a: { Other: {} } })).to.deep.equal(
      {
        a: {},
      }
    )
    const symbols = (of: string[], more = {}) => record({ a: { type: 'enum', name: 'E', symbols: of, ...more } })
    expect(read(symbols(['A', 'B']), symbols(['B']), { a: 'B' })).to.deep.equal({ a: 'B' })
    expect(() => read(symbols(['A', 'B']), symbols(['B']), { a: 'A' })).to.throw("the reader's E has no default")
    expect(read(symbols(['A']), symbols(['B'], { default: 'B' }), { a: 'A' })).to.deep.equal({ a: 'B' })
  })

  it('takes a body that is no record too', () => {
    const written = AvroSchema.of(['null', 'string', 'int'])
    const readers = [AvroSchema.of(['null', 'string'])]
    expect(written.read(Buffer.of(2, 2, 65), readers).value).to.equal('A')
    expect(() => written.read(Buffer.of(4, 2), readers)).to.throw('int cannot be read as null or string')
  })

  it('promotes numbers, text and bytes', () => {
    const wider = record({ a: 'double', b: 'float', c: 'double', d: 'bytes', e: 'string' })
    const value = { a: 2n ** 60n + 1n, b: 16_777_217, c: 0.5, d: 'é', e: Buffer.from('é') }
    expect(read(record({ a: 'long', b: 'int', c: 'float', d: 'string', e: 'bytes' }), wider, value)).to.deep.equal({
      ...{ a: 2 ** 60, b: 16_777_216, c: 0.5, d: Buffer.from('é'), e: 'é' },
    })
  })

  it('follows records that contain themselves', () => {
    const node = (more: object[]) => ({
      type: 'record',
      name: 'Node',
      fields: [{ name: 'next', type: ['null', 'Node'], default: null }, ...more],
    })
    const added = node([{ name: 'depth', type: 'int', default: 1 }])
    const read1 = AvroSchema.of(node([]))
    const bytes = read1.write({ next: { next: null } }, 'Node')
    expect(plain(read1.read(bytes, [AvroSchema.of(added)]).value)).to.deep.equal({
      next: { next: null, depth: 1 },
      depth: 1,
    })
  })
})

describe('a default', () => {
  const field = (more: object) => ({ type: 'record', name: 'Event', fields: [{ name: 'a', ...more }] })

  it('may be of any branch of a union', () => {
    for (const [type, value, read1] of [
      [['null', 'string'], 'A', 'A'],
      [['null', 'long'], 7, 7],
      [['int', 'string', 'long'], 2 ** 40, { long: 2 ** 40 }],
    ] as const) {
      expect(read(record({}), field({ type, default: value }), {})).to.deep.equal({ a: read1 })
    }
  })

  for (const [what, more] of [
    ['the text null for a null', { type: ['null', 'long'], default: 'null' }],
    ['of another type', { type: 'int', default: 'seven' }],
    [
      'of a record without its fields',
      { type: { type: 'record', name: 'R', fields: [{ name: 'b', type: 'int' }] }, default: {} },
    ],
    ['no symbol', { type: { type: 'enum', name: 'E', symbols: ['A'], default: 'B' } }],
  ] as const) {
    it(`that is wrong keeps nobody from reading what was written: ${what}`, () => {
      expect(() => AvroSchema.of(field(more))).to.throw()
      const written = AvroSchema.of(field(more), [], true)
      const bytes = Buffer.of(0)
      expect(written.read(bytes).value).to.have.property('a')
      expect(plain(written.read(bytes, [AvroSchema.of(record({}))]).value)).to.deep.equal({})
    })
  }
})

describe('text', () => {
  it('is UTF-8 or refused, in both directions', () => {
    const avro = AvroSchema.of(record({ a: 'string', b: { type: 'map', values: 'int' } }))
    for (const bytes of [
      [2, 0xff, 0],
      [0, 2, 2, 0xff, 2, 0],
    ]) {
      expect(() => avro.read(Buffer.from(bytes))).to.throw('a text is no UTF-8')
    }
    const good = { a: 'a\ufffd', b: { '\ufffd': 1 } }
    expect(plain(avro.read(avro.write(good, 'Event')).value)).to.deep.equal(good)
    for (const bad of [
      { ...good, a: 'a\ud800' },
      { ...good, b: { '\udc00': 1 } },
    ]) {
      expect(() => avro.write(bad, 'Event')).to.throw(TypeError, /the field [ab]/)
    }
  })
})

describe('what may be written', () => {
  const written = (type: unknown, value: unknown): unknown => {
    const avro = AvroSchema.of(record({ a: type }))
    return (plain(avro.read(avro.write({ a: value }, 'Event')).value) as { a: unknown }).a
  }
  const price = logical('bytes', 'decimal', { precision: 6, scale: 2 })
  const date = new Date('2026-11-21T08:25:35.123Z')

  for (const [what, type, value, read] of [
    ['a decimal as a number', price, 0.1, '0.10'],
    ['a decimal as a bigint', price, 7n, '7.00'],
    ['a decimal with zeros behind', price, '1.5000', '1.50'],
    ['a Date', logical('long', 'timestamp-micros'), date, '2026-11-21T08:25:35.123000Z'],
    ['a Date where there may be none', ['null', logical('long', 'timestamp-millis')], date, '2026-11-21T08:25:35.123Z'],
    ['a Date for its day', logical('int', 'date'), date, '2026-11-21'],
    [
      'a time of another zone',
      logical('long', 'timestamp-millis'),
      '2026-11-21T08:25:35+05:30',
      '2026-11-21T02:55:35.000Z',
    ],
    ['a time without seconds', logical('int', 'time-millis'), '08:25', '08:25:00.000'],
    [
      'a uuid as bytes',
      { ...logical('fixed', 'uuid'), name: 'U', size: 16 },
      '0190b6f5-7c1e-7b7a-8f63-0123456789ab',
      '0190b6f5-7c1e-7b7a-8f63-0123456789ab',
    ],
    ['nothing as null', ['null', 'string'], undefined, null],
    ['a long as a bigint', 'long', 7n, 7],
    ['any bytes', 'bytes', Uint8Array.of(1, 2), Buffer.of(1, 2)],
    ['a logical type that is unknown', logical('int', 'colour'), 7, 7],
    ['a decimal without precision', logical('bytes', 'decimal'), Buffer.of(1), Buffer.of(1)],
    ['a type in a type', { type: { type: 'array', items: { type: 'long' } } }, [1], [1]],
  ] as const) {
    it(`${what}`, () => {
      expect(written(type, value)).to.deep.equal(read)
    })
  }

  for (const [what, type, value] of [
    ['a decimal with too many digits behind the point', price, '1.005'],
    ['a decimal with too many digits', price, '10000.00'],
    ['a decimal that is none', price, '1e3'],
    ['a number of no decimal', price, NaN],
    ['a time without zone where it needs one', logical('long', 'timestamp-millis'), '2026-11-21T08:00:00'],
    ['a time with zone where it has none', logical('long', 'local-timestamp-millis'), '2026-11-21T08:00:00Z'],
    ['a time finer than its unit', logical('long', 'timestamp-millis'), '2026-11-21T08:00:00.0001Z'],
    ['a time as a number, which says no unit', logical('long', 'timestamp-millis'), 1],
    ['a day that there is not', logical('int', 'date'), '2026-02-30'],
    ['an hour that there is not', logical('int', 'time-millis'), '24:00:00'],
    ['a uuid that is none', logical('string', 'uuid'), 'me'],
    ['a time beyond a long', logical('long', 'timestamp-nanos'), '2300-01-01T00:00:00Z'],
  ] as const) {
    it(`is not ${what}`, () => {
      expect(() => written(type, value)).to.throw(TypeError, 'the field a is no')
    })
  }
})
