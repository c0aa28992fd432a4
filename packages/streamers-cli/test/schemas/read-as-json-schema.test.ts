import { Ajv } from 'ajv'
import { expect } from 'chai'
import fc from 'fast-check'
import { compareSchemas } from '../../src/schemas'
import type { EventSchema, FieldSchema } from '../../src/schemas'

/** Schemas of the words that the extraction uses; `Self` is the one that contains itself. */
const LEAVES: readonly FieldSchema[] = [
  { type: 'string' },
  { type: 'string', format: 'uuid' },
  { type: 'string', format: 'date-time' },
  { type: 'string', format: 'byte' },
  { type: 'number' },
  { type: 'integer', format: 'int64' },
  { type: 'boolean' },
  { type: 'null' },
  { type: ['string', 'null'] },
  { type: 'string', enum: ['a', 'b'] },
  { type: 'string', enum: ['a', 'b', 'c'] },
  { type: 'string', const: 'a' },
  { type: 'number', enum: [1, 2] },
  { type: 'boolean', const: true },
  { type: 'object' },
  {},
  { not: {} },
]
const NAMES = ['a', 'b']

const { schema: ANY } = fc.letrec<{ schema: FieldSchema; object: FieldSchema }>((tie) => ({
  object: fc
    .record({
      fields: fc.dictionary(fc.constantFrom(...NAMES), tie('schema'), { maxKeys: 2 }),
      required: fc.subarray(NAMES),
    })
    .map(({ fields, required }) => ({
      type: 'object',
      properties: fields,
      required: required.filter((name) => name in fields),
    })),
  schema: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { arbitrary: fc.constantFrom(...LEAVES), weight: 4 },
    { arbitrary: tie('object'), weight: 2 },
    { arbitrary: tie('schema').map((items) => ({ type: 'array', items })), weight: 1 },
    {
      arbitrary: fc
        .record({
          items: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
          more: fc.option(tie('schema'), { nil: undefined }),
          least: fc.nat(2),
        })
        .map(({ items, more, least }) => ({
          type: 'array',
          items,
          minItems: Math.min(least, items.length),
          ...(more ? { additionalItems: more } : { maxItems: items.length }),
        })),
      weight: 1,
    },
    { arbitrary: tie('schema').map((additionalProperties) => ({ type: 'object', additionalProperties })), weight: 1 },
    { arbitrary: fc.array(tie('schema'), { minLength: 2, maxLength: 3 }).map((anyOf) => ({ anyOf })), weight: 2 },
    { arbitrary: fc.constant({ $ref: '#/definitions/Self' }), weight: 1 }
  ),
}))

/** A schema with one of its parts replaced. */
function grafted(schema: FieldSchema, part: FieldSchema, place: number): FieldSchema {
  let left = place
  const walk = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (isSchema(value) && left-- === 0) return part
    if (Array.isArray(value)) return value.map(walk)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)]))
  }
  return walk(schema) as FieldSchema
}

function isSchema(value: object): boolean {
  return ['type', 'anyOf', '$ref', 'not'].some((word) => word in value) && !Array.isArray(value)
}

/** What contains itself does so in a field or a list: the compiler takes no other. */
const EVENT = fc.tuple(ANY, ANY, fc.boolean()).map(([value, inner, isRequired]): FieldSchema => {
  const Self = { type: 'object', properties: { a: inner }, required: isRequired ? ['a'] : [] }
  return { type: 'object', properties: { value }, required: ['value'], definitions: { Self } }
})

function guarded(event: FieldSchema): FieldSchema {
  const { Self } = event.definitions ?? {}
  if (Self?.type === 'object') return event
  return { ...event, definitions: { Self: { type: 'object', properties: { a: Self }, required: ['a'] } } }
}

/** An event and what has become of it: nothing, one part of it, or all. */
const PAIR = fc.oneof(
  { arbitrary: fc.tuple(EVENT, EVENT), weight: 1 },
  {
    arbitrary: fc
      .tuple(EVENT, ANY, fc.nat(8))
      .map(([event, part, place]): [FieldSchema, FieldSchema] => [event, guarded(grafted(event, part, place + 1))]),
    weight: 4,
  }
)

/** Draws values of a schema at random; undefined where none was found. */
class Draw {
  public constructor(
    private readonly definitions: Readonly<Record<string, FieldSchema>>,
    private readonly random: () => number
  ) {}

  public value(schema: FieldSchema, depth = 0): unknown {
    if (depth > 8 || schema.not) return undefined
    if (schema.$ref !== undefined) return this.value(this.definitions.Self, depth + 1)
    if (schema.anyOf) return this.value(this.one(schema.anyOf), depth + 1)
    if (schema.enum) return this.one(schema.enum)
    return schema.const ?? this.ofType(schema, depth)
  }

  private ofType(schema: FieldSchema, depth: number): unknown {
    const type = this.one([schema.type ?? ['string', 'number', 'null', 'object']].flat())
    if (type === 'array') return this.list(schema, depth)
    if (type === 'object') return this.object(schema, depth)
    if (type === 'string') return FORMED[schema.format ?? ''] ?? this.one(['a', 'b', 'c', 'other'])
    if (type === 'boolean') return this.random() < 0.5
    return type === 'null' ? null : this.one(schema.format === 'int64' ? [1, 7] : [1, 2, 7, 0.5])
  }

  private list({ items, additionalItems, minItems = 0, maxItems = 3 }: FieldSchema, depth: number): unknown {
    const length = minItems + Math.floor(this.random() * (Math.min(maxItems, 3) - minItems + 1))
    const list = Array.from({ length }, (_, place) => this.value(itemOf(items, additionalItems, place), depth + 1))
    return list.includes(undefined) ? undefined : list
  }

  private object({ properties, additionalProperties, required = [] }: FieldSchema, depth: number): unknown {
    const object: Record<string, unknown> = {}
    const give = (name: string, part: FieldSchema, isGiven: boolean): void => {
      const value = isGiven ? this.value(part, depth + 1) : undefined
      if (value !== undefined) object[name] = value
    }
    for (const [name, part] of Object.entries(properties ?? {}))
      give(name, part, required.includes(name) || this.random() < 0.5)
    const others = beside(properties, additionalProperties)
    for (const name of others ? [...NAMES, 'c'] : []) give(name, others ?? {}, this.random() < 0.5)
    return required.every((name) => name in object) ? object : undefined
  }

  private one<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]
  }
}

/** What an object may hold that is no field of its class; undefined: nothing is written there. */
function beside(
  properties: FieldSchema['properties'],
  more: FieldSchema['additionalProperties']
): FieldSchema | undefined {
  if (typeof more === 'object') return more
  return properties ? undefined : {}
}

const FORMED: Readonly<Record<string, string>> = {
  uuid: '9f0b4a4e-63f5-4b0a-9f0b-0a4e63f54b0a',
  'date-time': '2026-01-01T00:00:00Z',
  byte: 'AQI=',
}

function itemOf(items: FieldSchema['items'], more: FieldSchema['additionalItems'], place: number): FieldSchema {
  const all = Array.isArray(items) ? (items as readonly FieldSchema[]) : []
  return all[place] ?? (typeof more === 'object' ? more : Array.isArray(items) ? {} : ((items as FieldSchema) ?? {}))
}

const FORMATS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  byte: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?$/,
  int64: true as const,
}
const ajv = new Ajv({ formats: FORMATS, strict: false, addUsedSchema: false })
const event = (schema: FieldSchema): EventSchema => ({
  event: 'E',
  version: 1,
  at: 'src/e.ts:1',
  schema,
  methods: [],
  topics: {},
})

/** Values of the one that the other refuses. */
function refused(from: FieldSchema, by: FieldSchema, random: () => number): unknown[] {
  const accepts = ajv.compile(by)
  const draw = new Draw(from.definitions ?? {}, random)
  const values = Array.from({ length: 12 }, () => draw.value(from))
  return values.filter((value) => value !== undefined && !accepts(value))
}

describe('comparing schemas as JSON Schema reads them', function () {
  this.timeout(120_000)

  it('calls no change compatible that refuses a value which was one, judged by ajv', () => {
    const told = { compatible: 0, broken: 0, proven: 0 }
    const check = ([before, after]: readonly [FieldSchema, FieldSchema], seed: number): void => {
      const random = randomFrom(seed)
      const changes = compareSchemas([event(before)], [event(after)])
      const [older, newer] = [changes.some((one) => one.breaksBackward), changes.some((one) => one.breaksForward)]
      told[older || newer ? 'broken' : 'compatible'] += 1
      const [lost, early] = [refused(before, after, random), refused(after, before, random)]
      if (lost.length + early.length > 0) told.proven += 1
      if (!older) expect(lost, 'new code is called fit for these').to.deep.equal([])
      if (!newer) expect(early, 'old code is called fit for these').to.deep.equal([])
    }
    fc.assert(fc.property(PAIR, fc.nat(), check), { numRuns: 1_500 })
    expect(told.compatible, 'pairs called compatible').to.be.greaterThan(100)
    expect(told.broken, 'pairs called broken').to.be.greaterThan(100)
    expect(told.proven * 2, 'of the broken ones, those that a value proves broken').to.be.greaterThan(told.broken)
  })

  it('finds nothing where nothing has changed, whatever definitions are called', () => {
    const renamed = (schema: FieldSchema): FieldSchema =>
      JSON.parse(
        JSON.stringify(schema).replaceAll('#/definitions/Self', '#/definitions/Other').replace('"Self":', '"Other":')
      ) as FieldSchema
    fc.assert(
      fc.property(EVENT, (schema) => {
        expect(compareSchemas([event(schema)], [event(renamed(schema))])).to.deep.equal([])
      }),
      { numRuns: 1_000 }
    )
  })
})

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
