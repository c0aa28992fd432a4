import { strict as assert } from 'node:assert'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { avroKind } from '../../packages/schema-registry-codec/src/avro'
import { JSON_KIND } from '../../packages/schema-registry-codec/src/json-schema'
import { Misfit } from '../../packages/schema-registry-codec/src/misfit'
import { PROTOBUF_KIND } from '../../packages/schema-registry-codec/src/protobuf'
import type { BodySchema, SchemaKind } from '../../packages/schema-registry-codec/src/codec/schema-kind'
import type { Random } from './random'

const AVRO = {
  type: 'record',
  name: 'com.acme.Order',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'count', type: 'int' },
    { name: 'big', type: 'long' },
    { name: 'ratio', type: 'double' },
    { name: 'isGift', type: 'boolean' },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'amounts', type: { type: 'map', values: 'long' } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['NEW', 'OLD'] } },
    { name: 'parent', type: ['null', 'com.acme.Order'], default: null },
  ],
}
const JSON_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Order',
  type: 'object',
  required: ['id', 'count', 'tags'],
  properties: {
    id: { type: 'string', pattern: '^[^\\u0000]*$' },
    count: { type: 'integer', minimum: -2147483648, maximum: 2147483647 },
    big: { type: 'integer' },
    ratio: { type: 'number' },
    isGift: { type: 'boolean' },
    note: { type: ['string', 'null'] },
    tags: { type: 'array', items: { type: 'string' } },
    amounts: { type: 'object', additionalProperties: { type: 'integer' } },
    kind: { enum: ['NEW', 'OLD'] },
    parent: { anyOf: [{ type: 'null' }, { $ref: '#' }] },
  },
}
const PROTO = `
syntax = "proto3";
package com.acme;
message Order {
  string id = 1;
  int32 count = 2;
  int64 big = 3;
  double ratio = 4;
  bool is_gift = 5;
  optional string note = 6;
  repeated string tags = 7;
  map<string, int64> amounts = 8;
  enum Kind { NEW = 0; OLD = 1; }
  Kind kind = 9;
  Order parent = 10;
}`

/** What became of a body. */
export type Became = 'read' | 'refused'

/** The languages of schemas. */
export type LanguageName = 'avro' | 'json' | 'protobuf'

type Nest = (whole: Uint8Array, levels: number) => Buffer

/** A language of schemas, with the schema of orders. */
interface Language {
  readonly name: LanguageName
  /** Random values have no type. */
  write(order: object): Uint8Array
  read(body: Uint8Array): unknown
  readonly nest: Nest
}

const LANGUAGES = [
  language('avro', avroKind(), JSON.stringify(AVRO), avroNest),
  language('json', JSON_KIND, JSON.stringify(JSON_SCHEMA), jsonNest),
  language('protobuf', PROTOBUF_KIND, PROTO, protobufNest),
]
/** Levels of an order in an order: what is read, what is one too many somewhere, and what no stack holds. */
const LEVELS = [90, 101, 20_000]

/**
 * A body in each language of schemas: a value, or an error that says why it is none. One that nobody damaged gives a value that is written as the
 * same bytes. Answers `read` or `refused` by language.
 */
export function asBodies(random: Random): Record<LanguageName, Became> {
  return Object.fromEntries(LANGUAGES.map((one) => [one.name, asBody(random, one)])) as Record<LanguageName, Became>
}

function asBody(random: Random, { write, read, nest }: Language): Became {
  const whole = write(order(random, 2))
  const isWhole = random.chance(0.4)
  const body = isWhole ? whole : random.chance(0.001) ? nest(whole, random.of(LEVELS)) : damaged(whole, random)
  let value
  try {
    value = read(body)
  } catch (thrown) {
    const error = thrown as Error
    assert.ok(!isWhole, `what was written is read: ${error.stack}`)
    const isOurs = error instanceof Misfit || isStreamerError(error, 'EVENT_UNDECODABLE')
    assert.ok(isOurs && error.message !== '', `what cannot be read says why: ${error.stack}`)
    assert.ok(!/call stack|heap|allocation/i.test(error.message), `it is bounded: ${error.message}`)
    return 'refused'
  }
  if (isWhole) assert.deepEqual(Buffer.from(write(value as object)), Buffer.from(whole), 'it is what was written')
  return 'read'
}

function language<S extends BodySchema>(name: LanguageName, kind: SchemaKind<S>, text: string, nest: Nest): Language {
  const schema = kind.ready({ schema: text, schemaType: kind.type, references: [] }, [])
  return {
    name,
    write: (value) => schema.write(value, 'Order'),
    read: (body) => kind.read(schema, body).value,
    nest,
  }
}

function order(random: Random, depth: number): object {
  return {
    id: text(random),
    count: random.below(2 ** 32) - 2 ** 31,
    big: random.chance(0.5) ? random.below(1_000) : 2n ** 53n + BigInt(random.below(1_000)),
    ratio: random.chance(0.5) ? random.next() : 0.5,
    isGift: random.chance(0.5),
    ...(random.chance(0.5) && { note: text(random) }),
    tags: Array.from({ length: random.below(4) }, () => text(random)),
    amounts: Object.fromEntries(Array.from({ length: random.below(4) }, (_, index) => [`k${index}`, random.below(99)])),
    kind: random.of(['NEW', 'OLD']),
    ...(depth > 0 && random.chance(0.3) && { parent: order(random, depth - 1) }),
  }
}

/** Well-formed, and without the character that the JSON Schema has no place for. */
function text(random: Random): string {
  const any = random.text(random.below(12))
  // As `toWellFormed` of ES2024 has it.
  return Buffer.from(any, 'utf8').toString('utf8').replaceAll('\0', '')
}

function damaged(whole: Uint8Array, random: Random): Buffer {
  if (random.chance(0.1)) return Buffer.from(random.bytes(random.below(60)))
  const bytes = Buffer.from(random.chance(0.3) ? whole.subarray(0, random.below(whole.length + 1)) : whole)
  for (let changes = 1 + random.below(4); changes > 0 && bytes.length > 0; changes -= 1)
    bytes[random.below(bytes.length)] = random.below(256)
  return bytes
}

/** An order whose last byte says that it has no parent, as if it had one each time. */
function avroNest(whole: Uint8Array, levels: number): Buffer {
  const before = Buffer.concat([whole.subarray(0, -1), Buffer.of(2)])
  return Buffer.concat([...Array.from({ length: levels }, () => before), whole])
}

function jsonNest(whole: Uint8Array, levels: number): Buffer {
  return Buffer.from(
    '{"id":"","count":1,"tags":[],"parent":'.repeat(levels) + Buffer.from(whole).toString() + '}'.repeat(levels)
  )
}

/** https://protobuf.dev/programming-guides/encoding: field 10 is bytes behind their length. */
function protobufNest(whole: Uint8Array, levels: number): Buffer {
  const head = whole.subarray(0, 1)
  const parts: Buffer[] = []
  let length = whole.length - 1
  for (let level = 0; level < levels; level += 1) {
    const before = Buffer.from([(10 << 3) | 2, ...varint(length)])
    parts.push(before)
    length += before.length
  }
  return Buffer.concat([head, ...parts.reverse(), whole.subarray(1)])
}

function varint(number: number): number[] {
  return number < 128 ? [number] : [(number % 128) | 128, ...varint(Math.floor(number / 128))]
}
