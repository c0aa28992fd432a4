import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { avroKind } from '../src/avro'
import type { BodySchema, SchemaKind } from '../src/codec/schema-kind'
import { JSON_KIND } from '../src/json-schema'
import { Misfit } from '../src/misfit'
import { PROTOBUF_KIND } from '../src/protobuf'

const logical = (type: string | object, logicalType: string, more: object = {}): object => ({
  ...(typeof type === 'string' ? { type } : type),
  logicalType,
  ...more,
})
const fixed = (name: string, size: number): object => ({ type: 'fixed', name, size })

/** A field of every type that Avro has. */
const AVRO = {
  type: 'record',
  name: 'Event',
  fields: [
    'string',
    'bytes',
    'int',
    'long',
    'float',
    'double',
    'boolean',
    ['null', 'string', 'Event'],
    { type: 'array', items: ['null', 'long'] },
    { type: 'map', values: 'bytes' },
    { type: 'enum', name: 'Kind', symbols: ['A', 'B'] },
    fixed('Four', 4),
    logical('bytes', 'decimal', { precision: 6, scale: 2 }),
    logical(fixed('Six', 6), 'decimal', { precision: 6, scale: 2 }),
    logical('string', 'uuid'),
    logical(fixed('Sixteen', 16), 'uuid'),
    logical(fixed('Twelve', 12), 'duration'),
    logical('int', 'date'),
    logical('int', 'time-millis'),
    logical('long', 'time-micros'),
    logical('long', 'timestamp-micros'),
  ].map((type, index) => ({ name: `f${index}`, type })),
}
const READER = { ...AVRO, fields: [...AVRO.fields].reverse().filter((_, index) => index % 3 > 0) }

const PROTO = `syntax = "proto3";
import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto"; import "google/protobuf/struct.proto";
import "google/protobuf/wrappers.proto"; import "google/protobuf/any.proto"; import "google/protobuf/field_mask.proto";
message Event {
  enum Kind { A = 0; B = 1; }
  string f1 = 1; int32 f2 = 2; int64 f3 = 3; double f4 = 4; bytes f5 = 5; bool f6 = 6; Event f7 = 7; repeated int64 f8 = 8;
  map<string, double> f9 = 9; Kind f10 = 10; google.protobuf.Timestamp f11 = 11; google.protobuf.Duration f12 = 12;
  google.protobuf.Struct f13 = 13; google.protobuf.Value f14 = 14; google.protobuf.Int64Value f15 = 15; google.protobuf.Any f16 = 16;
  google.protobuf.FieldMask f17 = 17; map<int32, Event> f18 = 18; oneof either { string f19 = 19; Event f20 = 20; }
  sint64 f21 = 21; fixed64 f22 = 22; repeated string f23 = 23; float f24 = 24; uint64 f25 = 25; google.protobuf.ListValue f26 = 26;
}`

const JSON_SCHEMA = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string', pattern: '^a+$', minLength: 2 },
    n: { type: 'integer', multipleOf: 0.1 },
    list: { type: 'array', uniqueItems: true, contains: { const: 1 } },
    other: { oneOf: [{ type: 'string' }, { $ref: '#' }], propertyNames: { maxLength: 3 } },
  },
  additionalProperties: false,
  if: { required: ['n'] },
  then: { required: ['list'] },
}

const bytes = (max = 12): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength: max }).map((one) => Buffer.from(one))

/** A whole number as both languages write it. */
function varint(value: number): Buffer {
  const all: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) all.push((rest % 128) | 128)
  return Buffer.from([...all, rest])
}

const small = fc.nat(40).map((value) => varint(2 * value))
/** Pieces that bodies of Avro are made of, in any order. */
const avroBody = fc
  .array(
    fc.oneof(
      small,
      bytes(4),
      fc.tuple(fc.nat(9), bytes(9)).map(([n, all]) => Buffer.concat([varint(2 * n), all]))
    ),
    {
      maxLength: 40,
    }
  )
  .map((parts) => Buffer.concat(parts))

/** Fields of a message with any type of the wire and any content, also messages in messages. */
const { message } = fc.letrec<{ message: Buffer; content: Buffer }>((tie) => ({
  content: fc.oneof({ weight: 3, arbitrary: bytes() }, { weight: 1, arbitrary: tie('message') }),
  message: fc
    .array(
      fc
        .tuple(fc.integer({ min: 1, max: 27 }), fc.nat(5), tie('content'), fc.nat(20))
        .map(([field, type, content, length]) => {
          const head = varint(field * 8 + type)
          const isSaid = length > 0
          return type === 2
            ? Buffer.concat([head, varint(isSaid ? content.length : 200), content])
            : Buffer.concat([head, content])
        }),
      { maxLength: 5 }
    )
    .map((fields) => Buffer.concat(fields)),
}))
const protobufBody = message.map((one) => Buffer.concat([Buffer.of(0), one]))

const jsonBody = fc.oneof(
  bytes(40),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .record(
      { id: fc.constantFrom('aa', 'b', 1), n: fc.double(), list: fc.array(fc.nat(2)), other: fc.anything() },
      { requiredKeys: [] }
    )
    .map((value) =>
      Buffer.from(JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)))
    )
)

interface Case {
  readonly name: string
  readonly body: fc.Arbitrary<Buffer>
  read(body: Uint8Array): unknown
}

function caseOf<S extends BodySchema>(
  name: string,
  kind: SchemaKind<S>,
  schema: string,
  body: fc.Arbitrary<Buffer>
): Case {
  const ready = kind.ready({ schema, schemaType: kind.type, references: [] }, [])
  return { name, body, read: (data) => kind.read(ready, data) }
}

const reader = avroKind().ready({ schema: JSON.stringify(READER), schemaType: 'AVRO', references: [] }, [])

describe('a malformed body', function () {
  this.timeout(120_000)

  for (const { name, body, read } of [
    caseOf('Avro', avroKind(), JSON.stringify(AVRO), avroBody),
    caseOf('Avro, with a schema of the reader', avroKind([reader]), JSON.stringify(AVRO), avroBody),
    caseOf('Protobuf', PROTOBUF_KIND, PROTO, protobufBody),
    caseOf('JSON Schema', JSON_KIND, JSON.stringify(JSON_SCHEMA), jsonBody),
  ]) {
    it(`is a value, or is told in words of ours: ${name}`, () => {
      fc.assert(
        fc.property(body, (data) => {
          try {
            read(data)
          } catch (error) {
            const isOurs = error instanceof Misfit || isStreamerError(error, 'EVENT_UNDECODABLE')
            expect(isOurs, String((error as Error).stack)).to.equal(true)
          }
        }),
        { numRuns: 3_000 }
      )
    })
  }

  for (const type of AVRO.fields.map((field) => field.type)) {
    it(`ends too soon wherever it ends: ${JSON.stringify(type)}`, () => {
      const writer = {
        type: 'record',
        name: 'Event',
        fields: [
          { name: 'a', type },
          { name: 'b', type: 'int' },
        ],
      }
      const kind = avroKind([
        avroKind().ready({ schema: JSON.stringify(writer), schemaType: 'AVRO', references: [] }, []),
      ])
      for (const one of [avroKind(), kind]) {
        const schema = one.ready({ schema: JSON.stringify(writer), schemaType: 'AVRO', references: [] }, [])
        for (const data of [[], [2], [40], [130]])
          expect(() => one.read(schema, Uint8Array.from(data))).to.throw(Misfit)
      }
    })
  }
})
