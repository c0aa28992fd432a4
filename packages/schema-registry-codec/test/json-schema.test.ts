import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { receivedEvent } from '@boostercloud/streamer-connector'
import { jsonSchema } from '../src'
import type { JsonSchemaOptions } from '../src'
import { JsonBodySchema } from '../src/json/json-body-schema'
import { withSchemaId } from '../src/codec/wire-format'
import { bare, failureOf, metadataFor, throughCodec } from './support/messages'
import { describeWithRegistry } from './support/registry'

const POST = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'PostCreated',
  type: 'object',
  properties: {
    postId: { type: 'string', pattern: '^p[0-9]+$' },
    views: { type: 'integer', minimum: 0 },
    author: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    tags: { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'integer' } },
  },
  required: ['postId'],
  additionalProperties: false,
}
const EVENT = { postId: 'p1', views: 2n ** 60n + 1n, author: { name: 'Ann' }, tags: ['a', 1] }

describe('a JSON Schema', () => {
  const schema = JsonBodySchema.of(POST)

  for (const [event, words] of [
    [{}, 'the field postId is missing'],
    [{ ...EVENT, author: {} }, 'the field author.name is missing'],
    [{ ...EVENT, secret: 'hunter2' }, 'the schema has no field secret'],
    [{ ...EVENT, views: 'hunter2' }, 'the field views must be integer'],
    [{ ...EVENT, views: -1n }, 'the field views must be >= 0'],
    [{ ...EVENT, tags: ['a', 'hunter2'] }, 'the field tags.1 must be integer'],
    [{ ...EVENT, postId: 'hunter2' }, 'the field postId must match pattern'],
  ] as const) {
    it(`says what is wrong, and not the value: ${words}`, () => {
      expect(() => schema.write(event)).to.throw(TypeError, words)
      expect(() => schema.write(event)).to.not.throw('hunter2')
    })
  }

  it('loses no number', () => {
    expect(schema.read(schema.write(EVENT)).value).to.deep.equal(EVENT)
  })

  it('takes no time for a pattern that other engines take years for', () => {
    const slow = JsonBodySchema.of({ properties: { a: { pattern: '^(a+)+$' } } })
    expect(() => slow.write({ a: `${'a'.repeat(5_000)}b` })).to.throw('the field a must match pattern')
    expect(() => JsonBodySchema.of({ properties: { a: { pattern: '^(?=x)' } } }).write({ a: 'x' })).to.not.throw()
  })

  for (const draft of [
    'http://json-schema.org/draft-06/schema#',
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
  ]) {
    it(`may be of ${draft}`, () => {
      const old = JsonBodySchema.of({
        $schema: draft,
        definitions: { a: { type: 'string' } },
        properties: { a: { $ref: '#/definitions/a' } },
      })
      expect(() => old.write({ a: 1 })).to.throw('the field a must be string')
    })
  }

  for (const [draft, isIgnored] of [
    [undefined, true],
    ['http://json-schema.org/draft-06/schema#', true],
    ['http://json-schema.org/draft-07/schema#', true],
    ['https://json-schema.org/draft/2019-09/schema', false],
    ['https://json-schema.org/draft/2020-12/schema', false],
  ] as const) {
    it(`of ${draft ?? 'no draft'} ${isIgnored ? 'ignores' : 'applies'} what stands beside a $ref`, () => {
      const schema = JsonBodySchema.of({
        ...(draft === undefined ? {} : { $schema: draft }),
        definitions: { a: { type: 'string' } },
        properties: { a: { $ref: '#/definitions/a', maxLength: 1 }, $ref: { type: 'string' } },
      })
      const write = (): unknown => schema.write({ a: 'long' })
      if (isIgnored) expect(write).to.not.throw()
      else expect(write).to.throw('the field a must NOT have more than 1 characters')
      expect(() => schema.write({ a: 1 })).to.throw('the field a must be string')
      expect(() => schema.write({ $ref: 1 })).to.throw('the field $ref must be string')
    })
  }

  for (const [what, definition] of [
    ['that answers later', { $async: true, type: 'object' }],
    ['of a draft that nobody knows', { $schema: 'http://json-schema.org/draft-03/schema#' }],
    ['that refers to what is not there', { $ref: 'https://example.com/other.json' }],
    ['that is a list', []],
    ['that is no JSON', '{'],
    ['of a type that is none', { type: 'text' }],
  ] as const) {
    it(`is refused ${what}`, () => {
      expect(() => JsonBodySchema.of(definition as object)).to.throw(Error)
    })
  }

  it('ignores an $id beside a $ref, as it does all else there, but for its own', () => {
    const x = (id: string): object => ({ $id: id, $ref: '#/definitions/a' })
    const definitions = { a: { type: 'string' } }
    const field = { const: { $id: 'a', $ref: 'b' } }
    for (const schema of [
      { definitions, properties: { x: x('https://example.com/x.json'), field } },
      { $id: 'https://acme.com/root.json', definitions, properties: { x: x('below/x.json'), field } },
      { definitions, properties: { x: x('#same'), y: x('#same'), field } },
      { definitions, allOf: [{ properties: { x: { anyOf: [x('#one'), x('#one')] }, field } }] },
      {
        $id: 'https://acme.com/root.json',
        ...x('https://acme.com/root.json'),
        definitions: { a: { properties: { x: { type: 'string' }, field } } },
      },
    ]) {
      const reference = { name: 'other.json', schema: JSON.stringify(schema), schemaType: 'JSON', references: [] }
      for (const read of [JsonBodySchema.of(schema), JsonBodySchema.of({ $ref: 'other.json' }, [reference])]) {
        expect(() => read.write({ x: 'a', field: { $id: 'a', $ref: 'b' } })).to.not.throw()
        expect(() => read.write({ x: 1 })).to.throw('the field x must be string')
        expect(() => read.write({ field: { $ref: 'b' } })).to.throw('the field field must be')
      }
    }
  })

  it('finds what it refers to from the place that it says it is at', () => {
    const author = { $id: 'https://acme.com/author.json', type: 'object', required: ['name'] }
    const referenced = { name: 'author.json', schema: JSON.stringify(author), schemaType: 'JSON', references: [] }
    const written = { $id: 'https://acme.com/written.json', properties: { by: { $ref: 'author.json' } } }
    const schema = JsonBodySchema.of(written, [referenced])
    expect(() => schema.write({ by: {} })).to.throw('the field by.name is missing')
  })

  it('may contain itself, with a name of its own and without', () => {
    const tree = { type: 'object', properties: { left: { $ref: '#' }, n: { type: 'integer' } } }
    for (const schema of [tree, { ...tree, $id: 'https://acme.com/tree.json' }]) {
      const value = { n: 1, left: { n: 2, left: { n: 3 } } }
      expect(JsonBodySchema.of(schema).read(JsonBodySchema.of(schema).write(value)).value).to.deep.equal(value)
      expect(() => JsonBodySchema.of(schema).write({ left: { left: { n: 'three' } } })).to.throw(/left/)
    }
  })

  it('that leads to itself is an error of the value', () => {
    expect(() => JsonBodySchema.of({ $ref: '#' }).write({})).to.throw(Error)
  })
})

describeWithRegistry((url) => {
  describe('the codec jsonSchema', () => {
    let topic: string
    beforeEach(() => {
      topic = `posts-${randomUUID()}`
    })
    const codec = (options: Partial<JsonSchemaOptions> = {}) => jsonSchema({ registry: url(), ...options })
    const registering = () => codec({ schemas: { PostCreated: POST }, autoRegister: true })

    it('publishes with what it registers, and with the newest of a subject', async () => {
      const message = await registering().encode(EVENT, metadataFor('PostCreated'), topic)
      expect(message.contentType).to.equal('application/json')
      const { payload, metadata } = await throughCodec(codec(), EVENT, 'PostCreated', topic)
      expect(payload).to.deep.equal(EVENT)
      expect(metadata.type).to.equal('PostCreated')
      expect((await codec().decode(bare(message.body))).metadata.type).to.equal('PostCreated')
      await failureOf(() => throughCodec(codec(), { postId: 7 }, 'PostCreated', topic), 'EVENT_NOT_ENCODABLE')
    })

    it('makes a dead letter, which names the field, of what does not fit', async () => {
      const { body } = await registering().encode(EVENT, metadataFor('PostCreated'), topic)
      const id = Buffer.from(body).readInt32BE(1)
      const wrong = bare(withSchemaId(id, Buffer.from('{"postId":"p1","author":{"name":7}}')))
      const { metadata } = await receivedEvent(codec(), wrong, { streamerId: 'main', topic, eventId: '1' })
      expect(metadata?.undecodable?.message).to.contain('the field author.name must be string')
    })
  })
})
