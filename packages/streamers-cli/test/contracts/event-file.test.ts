import { describeSchema } from '@boostercloud/schema-registry-codec'
import type { PulledSchema } from '@boostercloud/schema-registry-codec'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import fc from 'fast-check'
import { eventFiles } from '../../src/contracts/event-file'
import type { EventFileOptions } from '../../src/contracts/event-file'
import { complaintsAbout, declarationsOf } from './compiled'

const OPTIONS: EventFileOptions = { entityId: 'id', long: 'number' }

const record = (name: string, fields: Readonly<Record<string, unknown>>, more: object = {}) => ({
  type: 'record',
  name,
  namespace: 'com.acme',
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
  ...more,
})

const pulled = (schema: object): PulledSchema => ({
  subject: 'posts-value',
  version: 3,
  language: 'AVRO',
  text: JSON.stringify(schema),
  shape: describeSchema(schema),
})

const textOf = (schema: object, options: Partial<EventFileOptions> = {}) =>
  eventFiles(pulled(schema), { ...OPTIONS, ...options })[0].text

const refused = (schema: object, options: Partial<EventFileOptions> = {}) => {
  try {
    textOf(schema, options)
  } catch (error) {
    if (isStreamerError(error, 'OPTION_INVALID')) return error.message
    throw error
  }
  return expect.fail('it is not refused')
}

const RICH = record('PostCreated', {
  id: { type: 'string', logicalType: 'uuid' },
  class: 'string',
  views: 'long',
  maybe: ['null', 'long'],
  counts: { type: 'array', items: 'long' },
  price: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 },
  kind: { type: 'enum', name: 'Kind', symbols: ['DRAFT', 'PUBLIC'] },
  author: record('Author', { name: 'string', number: 'long', friends: { type: 'array', items: ['null', 'Author'] } }),
  tags: { type: 'map', values: ['null', 'string', 'double'] },
  by: [record('Card', {}), record('Object', { no: 'int' })],
  again: 'Kind',
})

describe('an event class from a schema', () => {
  it('has the types of what the codec brings, and compiles', () => {
    const text = textOf(RICH)
    expect(complaintsAbout({ 'post-created.ts': text })).to.deep.equal([])
    for (const line of [
      'public readonly id!: UUID',
      'public readonly class!: string',
      'public readonly views!: number',
      'public readonly maybe?: number | null | undefined',
      'public readonly counts!: readonly number[]',
      '/** Text: decimal(9,2). */\n  public readonly price!: string',
      "export type Kind = 'DRAFT' | 'PUBLIC'",
      'readonly number: number | bigint',
      'readonly friends: readonly (Author | null)[]',
      'public readonly tags!: { readonly [key: string]: string | number | null }',
      "public readonly by!: { readonly 'com.acme.Card': Card } | { readonly 'com.acme.Object': ComAcmeObject }",
      'public entityID(): UUID {\n    return this.id\n  }',
    ]) {
      expect(text).to.contain(line)
    }
    expect(textOf(RICH, { long: 'bigint' })).to.contain('public readonly maybe?: bigint | null | undefined')
  })

  it('is named by a whole number too', () => {
    const text = textOf(record('Paid', { id: 'long' }))
    expect(text).to.contain('return String(this.id)')
    expect(complaintsAbout({ 'paid.ts': text })).to.deep.equal([])
  })

  it('has the schema for the codec with it', () => {
    const [, literal] = /PostCreatedSchema =\s+('.*')/.exec(textOf(RICH)) ?? []
    expect(JSON.parse(new Function(`return ${literal}`)() as string)).to.deep.equal(RICH)
  })

  it('is one of several where the schema is a union', () => {
    const files = eventFiles(
      pulled([record('PostCreated', { id: 'string' }), record('HTTPPostDeleted', { id: 'int' })]),
      OPTIONS
    )
    expect(files.map(({ name }) => name)).to.deep.equal(['post-created.ts', 'http-post-deleted.ts'])
    expect(complaintsAbout(Object.fromEntries(files.map(({ name, text }) => [name, text])))).to.deep.equal([])
  })

  it('breaks the build of who uses what a new schema no longer has', () => {
    const handler = `import { PostCreated } from './post-created'
export const say = (event: PostCreated): string => event.title.toUpperCase()
export const make = (): PostCreated => new PostCreated({ id: '1', title: 'Hello' })`
    const built = (fields: Record<string, unknown>) =>
      complaintsAbout({ 'post-created.ts': textOf(record('PostCreated', fields)), 'handler.ts': handler })
    expect(built({ id: 'string', title: 'string' })).to.deep.equal([])
    expect(built({ id: 'string', subject: 'string' }).join()).to.match(
      /handler\.ts\(2\): Property 'title' does not exist/
    )
    expect(built({ id: 'string', title: 'int' }).join()).to.match(/handler\.ts\(2\): Property 'toUpperCase'/)
    expect(built({ id: 'string', title: ['null', 'string'] }).join()).to.match(/handler\.ts\(2\): .*possibly/)
    expect(built({ id: 'string', title: 'string', by: 'string' }).join()).to.match(
      /handler\.ts\(3\): .*'by' is missing/s
    )
  })

  for (const [what, schema, options] of [
    ['no record', { type: 'array', items: 'string' }, {}],
    ['a record called like a word of the language', record('class', { id: 'string' }), {}],
    ['a record called like what the file uses', record('UUID', { id: 'string' }), {}],
    ['a field that every object has', record('Post', { id: 'string', constructor: 'string' }), {}],
    ['a field in the place of entityID', record('Post', { id: 'string', entityID: 'string' }), {}],
    ['no field for the entity', record('Post', { id: 'string' }), { entityId: undefined }],
    ['an unknown field for the entity', record('Post', { id: 'string' }), { entityId: 'it' }],
    ['a field for the entity that may be null', record('Post', { id: ['null', 'string'] }), {}],
  ] as const) {
    it(`is not made of ${what}`, () => {
      expect(refused(schema, options)).to.match(/OPTION_INVALID/)
    })
  }
})

/** Names and words that somebody may have meant ill. */
const NASTY = [
  '*/',
  '*/ export const stolen = 1 /*',
  '*\\/',
  '/* */',
  '//',
  '\n',
  '\r',
  '\u2028',
  '\u2029',
  '\u202e',
  '`${process.exit()}`',
  "'",
  '"',
  '\\',
  "' + stolen + '",
  '@ts-ignore',
  '@ts-expect-error',
  '@ts-nocheck',
  '</script>',
  '\0',
  '\ud800',
]
const words = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 10 })), { maxLength: 6 })
  .map((parts) => parts.join(''))
const avroName = fc.oneof(
  fc.constantFrom(
    'toString',
    'constructor',
    '__proto__',
    'prototype',
    'string',
    'Kind',
    'eval',
    'Event',
    'entityID',
    'UUID'
  ),
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/)
)
const anyName = fc.oneof({ weight: 4, arbitrary: avroName }, { weight: 1, arbitrary: words })

describe('names and comments of a schema', () => {
  it('are data: whatever they say, the file declares what it is to declare', () => {
    const schemas = fc.record({
      docs: fc.tuple(words, words, words, words),
      symbol: anyName,
      field: anyName,
      inner: anyName,
      space: anyName,
    })
    let written = 0
    fc.assert(
      fc.property(schemas, ({ docs: [one, two, three, four], symbol, field, inner, space }) => {
        const schema = {
          ...record('Event', {}, { doc: one }),
          fields: [
            { name: 'id', type: 'string', doc: two },
            {
              name: 'f',
              type: {
                ...record(inner, {}, { doc: three, namespace: space }),
                fields: [{ name: field, type: 'long', doc: four }],
              },
            },
            { name: 'e', type: { type: 'enum', name: 'Enum', symbols: [symbol], doc: one }, default: symbol },
          ],
        }
        const text = textIfUsable(schema)
        if (text === undefined) return
        written += 1
        const [imported, event, nested, kind, constant, ...others] = declarationsOf(text)
        expect(imported).to.equal("import '@boostercloud/framework-types'")
        expect(event).to.equal('class Event { id, f, e, constructor, entityID }')
        expect(nested).to.match(/^interface \w+ \{ \w+ \}$/)
        expect(kind).to.match(/^type \w+$/)
        expect(constant).to.equal('const EventSchema: StringLiteral')
        expect(others).to.deep.equal([])
        expect(text).to.not.match(/^[\s/*]*@/m)
        expect(text).to.not.match(/[\0-\x09\x0b-\x1f\u202e\u2028]/)
      }),
      { numRuns: 500 }
    )
    expect(written).to.be.within(100, 499)
  })

  it('compile, however they are', () => {
    for (const doc of [...NASTY, NASTY.join(' ')]) {
      const schema = record('Event', { id: 'string' }, { doc })
      const file = textOf({ ...schema, fields: [{ name: 'id', type: 'string', doc }] })
      expect(complaintsAbout({ 'event.ts': file }), JSON.stringify(doc)).to.deep.equal([])
    }
  })
})

/** Undefined where the schema is no Avro, or no class can be made of it. */
function textIfUsable(schema: object): string | undefined {
  try {
    return textOf(schema)
  } catch (error) {
    if (isStreamerError(error, 'OPTION_INVALID')) return undefined
    throw error
  }
}
