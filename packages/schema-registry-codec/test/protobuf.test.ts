import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { protobuf } from '../src'
import { indexBytes, splitPath } from '../src/protobuf/index-list'
import { ProtobufSchema } from '../src/protobuf/protobuf-schema'
import { withSchemaId } from '../src/codec/wire-format'
import { Front } from './support/front'
import { bare, failureOf, metadataFor, throughCodec } from './support/messages'
import { describeWithRegistry } from './support/registry'

const POST = `syntax = "proto3";
package com.acme;
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/struct.proto";
message Other { message Deep { string text = 1; } }
message Post {
  message Author { string full_name = 1; Post post = 2; }
  enum Kind { DRAFT = 0; PUBLIC = 5; }
  string post_id = 1;
  optional int64 views = 2;
  map<string, Author> authors = 3;
  oneof paid { string card = 4; Author cash = 5; }
  Kind kind = 6;
  repeated sint32 shares = 7;
  google.protobuf.Timestamp at = 8;
  bytes raw = 9;
  google.protobuf.Int64Value bonus = 10;
  google.protobuf.Duration took = 11;
  google.protobuf.Struct more = 12;
  map<int64, Kind> kinds = 13;
  float rate = 14;
  uint64 size = 15;
}
`
const EVENT = {
  postId: 'p1',
  views: 2n ** 60n,
  authors: { a: { fullName: 'Ann', post: undefined } },
  cash: { fullName: 'Bob' },
  kind: 'PUBLIC',
  shares: [1, -2],
  at: '2026-11-21T08:25:35.123456Z',
  raw: Buffer.of(1, 255),
  bonus: 0,
  took: '-1.500s',
  more: { a: [1, null, { b: 'c' }] },
  kinds: { '-5': 'DRAFT' },
  rate: 0.5,
  size: 2n ** 63n,
}

describe('a message of Protobuf', () => {
  const schema = ProtobufSchema.of(POST)

  it('is read as it was written', () => {
    const { authors: _, ...rest } = EVENT
    const { value, name } = schema.read(schema.write(EVENT, 'Post'))
    expect(name).to.equal('com.acme.Post')
    expect(value).to.deep.equal({ ...rest, authors: { a: { fullName: 'Ann' } } })
  })

  it('has zeros for what cannot be unset, and leaves out what can', () => {
    expect(schema.read(Buffer.of(2, 2)).value).to.deep.equal({
      ...{ postId: '', authors: {}, kind: 'DRAFT', shares: [], raw: Buffer.alloc(0), kinds: {}, rate: 0, size: 0 },
    })
  })

  it('may have fields that its schema does not know, and symbols that have no name', () => {
    const value = { ...(schema.read(Buffer.of(2, 2)).value as object) }
    expect(schema.read(Buffer.of(2, 2, 0xf8, 0x07, 1, 0x30, 9)).value).to.deep.equal({ ...value, kind: 9 })
  })

  it('is found by its path in the file', () => {
    for (const [type, path, event] of [
      ['Other', [0], {}],
      ['Post', [1], { postId: 'p' }],
      ['Deep', [0, 0], { text: 't' }],
    ] as const) {
      const body = schema.write(event, type)
      expect(splitPath(body).path).to.deep.equal(path)
      expect(schema.read(body).name).to.match(new RegExp(`${type}$`))
    }
    expect([...indexBytes([0])]).to.deep.equal([0])
    expect([...indexBytes([1, 100])]).to.deep.equal([4, 2, 200, 1])
    expect(() => schema.write({}, 'Third')).to.throw('none is called Third')
  })

  for (const [what, event, words] of [
    ['a wrong type', { postId: 7 }, 'the field postId is no string'],
    ['a number as text', { views: 'hunter2' }, 'the field views is no int64'],
    ['an unsafe number', { views: 2 ** 60 }, 'the field views is no int64'],
    ['a number that is too large', { views: 2n ** 63n }, 'the field views is no int64'],
    ['a negative one', { size: -1 }, 'the field size is no uint64'],
    ['a float that is too large', { rate: 1e300 }, 'the field rate is no float'],
    ['an item', { shares: [1, 'hunter2'] }, 'the field shares.1 is no sint32'],
    ['a symbol', { kind: 'hunter2' }, 'the field kind is no Kind'],
    ['both of one', { card: 'hunter2', cash: {} }, 'the fields card and cash cannot both be set'],
    ['a time as a number', { at: 5 }, 'the field at is no Timestamp'],
    ['what there is no field for', { authors: { a: { name: 'hunter2' } } }, 'no field authors.a.name'],
    ['null for what cannot be unset', { postId: null }, 'the field postId cannot be null'],
    ['half a surrogate pair', { postId: '\ud800' }, 'the field postId is no string'],
    ['text for bytes', { raw: 'hunter2' }, 'the field raw is no bytes'],
    ['a key that is no number', { kinds: { a: 'DRAFT' } }, 'the field kinds.a is no int64'],
  ] as const) {
    it(`is not written with ${what}`, () => {
      expect(() => schema.write(event, 'Post')).to.throw(Error, words)
      expect(() => schema.write(event, 'Post')).to.not.throw('hunter2')
    })
  }

  for (const [what, hex] of [
    ['nothing', ''],
    ['a path without end', 'ffffffffff'],
    ['a path of a million', '80897a'],
    ['a message that there is not', '0206'],
    ['half a field', '020a05'],
    ['text that is no UTF-8', '02020a01ff'],
    ['a key of a map that is a prototype', `02021a0d0a09${Buffer.from('__proto__').toString('hex')}1200`],
    ['levels without end', `0202${'1a04120212020a00'.repeat(1)}${'2a'.repeat(400)}`],
  ] as const) {
    it(`is not ${what}`, () => {
      expect(() => schema.read(Buffer.from(hex, 'hex'))).to.throw(Error)
    })
  }

  it('may be of proto2, with groups, defaults and what it requires', () => {
    const old =
      ProtobufSchema.of(`syntax = "proto2"; message M { required int32 a = 1; optional string b = 2 [default = "x"];
      repeated group Part = 3 { optional int32 c = 1; } extensions 100 to 200; } extend M { optional string e = 100; }`)
    const value = { a: 1, part: [{ c: 2 }] }
    expect(old.read(old.write(value, 'M')).value).to.deep.equal(value)
    expect(() => old.write({ b: 'y' }, 'M')).to.throw('M.a')
  })

  for (const [what, text] of [
    ['no proto file', 'hello'],
    ['without a message', 'syntax = "proto3"; enum E { A = 0; }'],
    ['of a type that is nowhere', 'syntax = "proto3"; message M { Nowhere a = 1; }'],
    ['that imports what is not there', 'syntax = "proto3"; import "a.proto"; message M {}'],
    ['that names a prototype', 'syntax = "proto3"; message M { int32 a = 1 [json_name = "__proto__"]; }'],
  ] as const) {
    it(`has no schema ${what}`, () => {
      expect(() => ProtobufSchema.of(text)).to.throw(Error)
    })
  }
})

describeWithRegistry((url) => {
  describe('the codec protobuf', () => {
    let front: Front
    let topic: string
    beforeEach(async () => {
      front = await Front.start(url())
      topic = `posts-${randomUUID()}`
    })
    afterEach(() => front.stop())

    it('publishes with what it registers, and with the newest of a subject', async () => {
      const writer = protobuf({ registry: front.url, schemas: { Post: POST }, autoRegister: true })
      const message = await writer.encode({ postId: 'p1' }, metadataFor('Post'), topic)
      expect(message.contentType).to.equal('application/protobuf')
      const newest = protobuf({ registry: front.url })
      const { payload, metadata } = await throughCodec(newest, { postId: 'p2', views: 1 }, 'Post', topic)
      expect(payload).to.include({ postId: 'p2', views: 1 })
      expect(metadata.type).to.equal('Post')
      expect((await newest.decode(bare(message.body))).metadata.type).to.equal('Post')
      await failureOf(() => throughCodec(newest, { nothing: 1 }, 'Post', topic), 'EVENT_NOT_ENCODABLE')
      const dead = await failureOf(
        async () => newest.decode(bare(withSchemaId(Buffer.from(message.body).readInt32BE(1), Buffer.of(2, 2, 10)))),
        'EVENT_UNDECODABLE'
      )
      expect(dead.message).to.contain('cannot be read')
    })

    it('reads a schema that imports others, by name', async () => {
      const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
      const register = async (subject: string, body: object): Promise<void> => {
        const sent = { method: 'POST', headers, body: JSON.stringify({ schemaType: 'PROTOBUF', ...body }) }
        expect((await fetch(`${url()}/subjects/${subject}/versions`, sent)).status).to.equal(200)
      }
      await register(`${topic}-author`, {
        schema: 'syntax = "proto3"; package com.acme; message Author { string name = 1; }',
      })
      await register(`${topic}-value`, {
        schema: 'syntax = "proto3"; package com.acme; import "author.proto"; message Written { Author by = 1; }',
        references: [{ name: 'author.proto', subject: `${topic}-author`, version: 1 }],
      })
      const event = { by: { name: 'Ann' } }
      expect((await throughCodec(protobuf({ registry: front.url }), event, 'Written', topic)).payload).to.deep.equal(
        event
      )
    })
  })
})
