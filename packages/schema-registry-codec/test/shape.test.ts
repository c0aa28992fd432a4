import { expect } from 'chai'
import { ProtobufSchema } from '../src/protobuf/protobuf-schema'
import { JsonPlaces } from '../src/shape/json-places'
import { shapeOfJson } from '../src/shape/of-json'
import { shapeOfProtobuf } from '../src/shape/of-protobuf'
import type { Shape } from '../src/shape/shape'

const UNKNOWN: Shape = { kind: 'unknown' }
const TEXT: Shape = { kind: 'string' }

const jsonShape = (schema: object, references: Readonly<Record<string, object>> = {}) => {
  const all = Object.entries(references).map(([name, one]) => {
    return { name, schema: JSON.stringify(one), schemaType: 'JSON', references: [] }
  })
  return shapeOfJson(new JsonPlaces(schema, all), 'orders')
}

/** The shape of one field. */
const fieldShape = (field: unknown, more: object = {}): Shape | undefined => {
  const { named } = jsonShape({ title: 'Order', properties: { field }, ...more })
  const order = named.get('Order')
  return order?.kind === 'record' ? order.fields[0].shape : undefined
}

describe('the shape of a JSON Schema', () => {
  it('has what stands beside a $ref only in the drafts that apply it', () => {
    const definitions = { code: { type: 'string' }, base: { properties: { a: { type: 'string' } } } }
    const field = { $ref: '#/definitions/code', enum: ['NEW'] }
    const extended = { allOf: [{ $ref: '#/definitions/base', required: ['a'] }] }
    for (const [$schema, shape, isOptional] of [
      ['http://json-schema.org/draft-07/schema#', TEXT, true],
      ['https://json-schema.org/draft/2020-12/schema', { kind: 'literals', of: ['NEW'] }, false],
    ] as const) {
      expect(fieldShape(field, { $schema, definitions })).to.deep.equal(shape)
      const order = jsonShape({ $schema, title: 'Order', definitions, ...extended }).named.get('Order')
      expect(order).to.containSubset({ fields: [{ name: 'a', isOptional }] })
    }
  })

  it('has the fields of a $ref and those beside it, at the top and within, in drafts that apply both', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: { base: { type: 'object', properties: { a: { type: 'string' } } } },
      title: 'Order',
      $ref: '#/$defs/base',
      properties: { b: { $ref: '#/$defs/base', properties: { c: { type: 'boolean' } }, required: ['a', 'c'] } },
    }
    const { roots, named } = jsonShape(schema)
    expect(roots).to.deep.equal([{ kind: 'named', name: 'Order' }])
    expect(named.get('Order')).to.containSubset({ fields: [{ name: 'a', isOptional: true }, { name: 'b' }] })
    expect(named.get('OrderB')).to.containSubset({
      fields: [
        { name: 'a', isOptional: false },
        { name: 'c', isOptional: false },
      ],
    })
    const old = jsonShape({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' }).named
    expect([...old.values()].map((shape) => shape.kind === 'record' && shape.fields.length)).to.deep.equal([1])
  })

  for (const [field, shape] of [
    [{ type: 'integer' }, { kind: 'long' }],
    [{ type: 'integer', minimum: 0, maximum: 100 }, { kind: 'number' }],
    [
      { type: 'string', format: 'date-time' },
      { kind: 'string', means: 'date-time' },
    ],
    [{ type: ['string', 'null'] }, { kind: 'choice', branches: [TEXT, { kind: 'null' }] }],
    [{ enum: ['NEW', 1, null] }, { kind: 'literals', of: ['NEW', 1, null] }],
    [{ const: 'NEW' }, { kind: 'literals', of: ['NEW'] }],
    [{ enum: [{ a: 1 }] }, UNKNOWN],
    [{ oneOf: [{ type: 'string' }, { type: 'boolean' }] }, { kind: 'choice', branches: [TEXT, { kind: 'boolean' }] }],
    [{ anyOf: [{ type: 'string' }, {}] }, UNKNOWN],
    [{ anyOf: [] }, UNKNOWN],
    [{ not: { type: 'string' } }, UNKNOWN],
    [true, UNKNOWN],
    [{ type: 'object' }, { kind: 'map', of: UNKNOWN }],
    [
      { type: 'object', additionalProperties: { type: 'string' } },
      { kind: 'map', of: TEXT },
    ],
    [{ type: 'array' }, { kind: 'list', of: UNKNOWN }],
    [
      { type: 'array', items: { type: 'string' } },
      { kind: 'list', of: TEXT },
    ],
    [
      { type: 'array', prefixItems: [{ type: 'string' }] },
      { kind: 'list', of: UNKNOWN },
    ],
    [
      { type: 'array', prefixItems: [{ type: 'string' }], items: false },
      { kind: 'list', of: TEXT },
    ],
    [
      { type: 'array', items: [{ type: 'string' }], additionalItems: false },
      { kind: 'list', of: TEXT },
    ],
    [{ $ref: '#/$defs/id' }, TEXT],
    [{ $ref: '#/$defs/me' }, UNKNOWN],
    [{ $ref: '#/$defs/none' }, UNKNOWN],
    [{ $ref: 'https://elsewhere.acme.com/x.json' }, UNKNOWN],
    [
      { type: 'object', properties: { a: { type: 'string' } } },
      { kind: 'named', name: 'OrderField' },
    ],
    [
      { type: ['object', 'null'], properties: { a: {} } },
      { kind: 'choice', branches: [{ kind: 'named', name: 'OrderField' }, { kind: 'null' }] },
    ],
    [{ $ref: '#/$defs/some-one' }, { kind: 'named', name: 'SomeOne' }],
    [{ $ref: '#' }, { kind: 'named', name: 'Order' }],
  ] as const) {
    it(`of ${JSON.stringify(field)} is ${JSON.stringify(shape)}`, () => {
      const $defs = { id: { type: 'string' }, me: { $ref: '#/$defs/me' }, 'some-one': { properties: { a: {} } } }
      expect(fieldShape(field, { $defs })).to.deep.equal(shape)
    })
  }

  it('has the fields of all that must hold at once, each required where one of them says so', () => {
    const { named } = jsonShape({
      title: 'Order',
      allOf: [{ $ref: '#/definitions/base' }, { properties: { b: {} }, required: ['a', 'b'] }],
      properties: { c: { description: 'The third.' } },
      definitions: { base: { properties: { a: { type: 'string' } } } },
    })
    expect(named.get('Order')).to.deep.equal({
      kind: 'record',
      doc: undefined,
      fields: [
        { name: 'a', doc: undefined, shape: TEXT, isOptional: false },
        { name: 'b', doc: undefined, shape: UNKNOWN, isOptional: false },
        { name: 'c', doc: 'The third.', shape: UNKNOWN, isOptional: true },
      ],
    })
  })

  it('follows references to others of the registry', () => {
    const { named } = jsonShape(
      { title: 'Order', properties: { by: { $ref: 'person.json#/definitions/name' } } },
      { 'person.json': { definitions: { name: { type: 'boolean' } } } }
    )
    expect(named.get('Order')).to.have.nested.property('fields[0].shape.kind', 'boolean')
  })

  for (const [title, name] of [
    ['com.acme.OrderPlaced', 'OrderPlaced'],
    ['Order placed, v1.2', 'OrderPlacedV12'],
    ['orderPlaced', 'orderPlaced'],
    ['2nd order', '_2ndOrder'],
    ['注文', 'orders'],
    [undefined, 'orders'],
  ] as const) {
    it(`has the name ${name} for the title ${title}`, () => {
      expect([...jsonShape({ title, properties: { a: {} } }).named.keys()]).to.deep.equal([name])
    })
  }

  it('is unknown where it says nothing of fields', () => {
    for (const schema of [{}, { type: 'array' }, { $ref: '#' }, { type: 'object', additionalProperties: {} }]) {
      expect(jsonShape(schema).roots, JSON.stringify(schema)).to.deep.equal([UNKNOWN])
    }
  })

  it('ends for schemas that are in themselves, and for those that double at each level', () => {
    const [a, b] = [{ $ref: '#/definitions/a' }, { $ref: '#/definitions/b' }]
    expect(fieldShape(a, { definitions: { a: { anyOf: [a, { type: 'array', items: a }] } } })).to.deep.equal(UNKNOWN)
    expect(fieldShape(a, { definitions: { a: { allOf: [b, b] }, b: { allOf: [a, a] } } })).to.deep.equal(UNKNOWN)
    const doubled = (one: object): object => ({
      anyOf: [
        { type: 'array', items: one },
        { additionalProperties: one, type: 'object' },
      ],
    })
    const levels = Array.from({ length: 90 }, (_, level) => [
      `l${level}`,
      doubled({ $ref: `#/definitions/l${level + 1}` }),
    ])
    const definitions = Object.fromEntries([...levels, ['l90', { type: 'string' }]]) as object
    expect(fieldShape({ $ref: '#/definitions/l0' }, { definitions })).to.deep.equal(UNKNOWN)
  })
})

const PROTO = `syntax = "proto3"; package com.acme;
import "google/protobuf/timestamp.proto"; import "google/protobuf/struct.proto"; import "google/protobuf/wrappers.proto";
message Placed {
  string order_id = 1; optional string note = 2; int64 big = 3; sint32 small = 4; bytes data = 5; bool is_gift = 6;
  repeated Line lines = 7; map<string, int64> amounts = 8; Kind kind = 9; Placed before = 10;
  google.protobuf.Timestamp at = 11; google.protobuf.Struct more = 12; google.protobuf.Int64Value maybe = 13;
  oneof how { string card = 14; Line cash = 15; }
  enum Kind { NEW = 0; OLD = 1; }
}
message Line { float price = 1; }
message Gone { string order_id = 1; }`

describe('the shape of a Protobuf file', () => {
  const { roots, named } = shapeOfProtobuf(ProtobufSchema.of(PROTO).file)

  it('is that of the messages that are in no other', () => {
    expect(roots).to.deep.equal(['Placed', 'Gone'].map((name) => ({ kind: 'named', name: `com.acme.${name}` })))
  })

  it('has the fields as they arrive', () => {
    const placed = named.get('com.acme.Placed')
    const line: Shape = { kind: 'named', name: 'com.acme.Line' }
    const field = (name: string, shape: Shape, isOptional = false) => ({ name, shape, isOptional })
    expect(placed).to.deep.equal({
      kind: 'record',
      fields: [
        field('orderId', TEXT),
        field('note', TEXT, true),
        field('big', { kind: 'long' }),
        field('small', { kind: 'number' }),
        field('data', { kind: 'bytes' }),
        field('isGift', { kind: 'boolean' }),
        field('lines', { kind: 'list', of: line }),
        field('amounts', { kind: 'map', of: { kind: 'long' } }),
        field('kind', { kind: 'named', name: 'com.acme.Placed.Kind' }),
        field('before', { kind: 'named', name: 'com.acme.Placed' }, true),
        field('at', { kind: 'string', means: 'timestamp' }, true),
        field('more', { kind: 'map', of: UNKNOWN }, true),
        field('maybe', { kind: 'long' }, true),
        field('card', TEXT, true),
        field('cash', line, true),
      ],
    })
    expect(named.get('com.acme.Placed.Kind')).to.deep.equal({ kind: 'enum', symbols: ['NEW', 'OLD'], isOpen: true })
  })
})
