import fc from 'fast-check'
import { exact } from './schemas'

/** A writer's schema with values of it, and a reader's. */
export interface Pair {
  readonly writer: unknown
  readonly reader: unknown
  readonly value: fc.Arbitrary<unknown>
}

type Primitive = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'string' | 'bytes'

const VALUES: Readonly<Record<Primitive, fc.Arbitrary<unknown>>> = {
  null: fc.constant(null),
  boolean: fc.boolean(),
  int: fc.integer(),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(exact),
  float: fc.float({ noNaN: true }),
  double: fc.double({ noNaN: true }),
  string: fc.string({ unit: 'grapheme', maxLength: 8 }),
  bytes: fc.string({ maxLength: 8 }).map((text) => Buffer.from(text)),
}
const READERS: Readonly<Record<Primitive, readonly Primitive[]>> = {
  null: ['null', 'null', 'null', 'string'],
  boolean: ['boolean', 'boolean', 'boolean', 'int'],
  int: ['int', 'long', 'float', 'double', 'string'],
  long: ['long', 'float', 'double', 'int'],
  float: ['float', 'float', 'double', 'long'],
  double: ['double', 'double', 'double', 'float'],
  string: ['string', 'string', 'bytes', 'boolean'],
  bytes: ['bytes', 'bytes', 'string', 'null'],
}
/** Kinds of values that a union tells apart without names. */
const KINDS: readonly (readonly Primitive[])[] = [
  ['null'],
  ['boolean'],
  ['int', 'long', 'float', 'double'],
  ['string'],
  ['bytes'],
]
const DEFAULTS: readonly { readonly type: unknown; readonly default: unknown }[] = [
  { type: 'int', default: 7 },
  { type: ['null', 'long'], default: null },
  { type: 'string', default: 'none' },
  { type: { type: 'array', items: 'string' }, default: [] },
  { type: { type: 'map', values: 'long' }, default: { a: 1 } },
]

let names = 0
const named = (what: string): string => `${what}${(names += 1)}`

const primitive = fc
  .constantFrom(...(Object.keys(VALUES) as Primitive[]))
  .chain((writer) =>
    fc.constantFrom(...READERS[writer]).map((reader): Pair => ({ writer, reader, value: VALUES[writer] }))
  )

const symbols = fc.subarray(['A', 'B', 'C', 'D'], { minLength: 1 })
const choice = fc.tuple(symbols, symbols, fc.boolean()).map(([written, read, hasDefault]): Pair => {
  const name = named('Enum')
  const reader = { type: 'enum', name, symbols: read, ...(hasDefault ? { default: read[0] } : {}) }
  return { writer: { type: 'enum', name, symbols: written }, reader, value: fc.constantFrom(...written) }
})

const fixed = fc.constantFrom(4, 4, 4, 5).map((size): Pair => {
  const name = named('Fixed')
  const value = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes))
  return { writer: { type: 'fixed', name, size: 4 }, reader: { type: 'fixed', name, size }, value }
})

const leaf = fc.oneof(
  { weight: 5, arbitrary: primitive },
  { weight: 1, arbitrary: choice },
  { weight: 1, arbitrary: fixed }
)

/** How a field of the writer's stands in the reader's record. */
const fate = fc.constantFrom('kept', 'kept', 'kept', 'renamed', 'dropped')

function record(fields: readonly Pair[], fates: readonly string[], added: number, isComplete: boolean): Pair {
  const name = named('Record')
  const read = fields.flatMap(({ reader }, index) => {
    if (fates[index] === 'dropped') return []
    const field = { name: `f${index}`, type: reader }
    return [fates[index] === 'renamed' ? { ...field, name: `new${index}`, aliases: [`f${index}`] } : field]
  })
  const more = { name: 'added', ...DEFAULTS[added % DEFAULTS.length] }
  const { default: _, ...bare } = more
  return {
    writer: { type: 'record', name, fields: fields.map(({ writer }, index) => ({ name: `f${index}`, type: writer })) },
    reader: { type: 'record', name, fields: [isComplete ? more : bare, ...read.reverse()] },
    value: fc.record(Object.fromEntries(fields.map(({ value }, index) => [`f${index}`, value]))),
  }
}

/** Branches of different kinds for the writer, some of them and others for the reader. */
const union = fc
  .tuple(fc.subarray([...KINDS], { minLength: 2 }), fc.subarray([...KINDS], { minLength: 1 }), fc.nat(), fc.boolean())
  .map(([written, read, seed, isPlain]): Pair => {
    const pick = (kinds: readonly Primitive[]): Primitive => kinds[seed % kinds.length]
    const writers = written.map(pick)
    const readers = [...read].reverse().map((kinds) => kinds[(seed >> 3) % kinds.length])
    const reader = isPlain ? readers[0] : readers
    return { writer: writers, reader, value: fc.oneof(...writers.map((one) => VALUES[one])) }
  })

/** Pairs of schemas that mostly fit each other, as those of an evolving service do. */
export const pair: fc.Arbitrary<Pair> = fc.letrec<{ any: Pair; container: Pair; record: Pair }>((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, leaf, union, tie('container'), tie('record')),
  container: fc.oneof(
    tie('any').map(({ writer, reader, value }) => ({
      writer: { type: 'array', items: writer },
      reader: { type: 'array', items: reader },
      value: fc.array(value, { maxLength: 3 }),
    })),
    tie('any').map(({ writer, reader, value }) => ({
      writer: { type: 'map', values: writer },
      reader: { type: 'map', values: reader },
      value: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), value, { maxKeys: 3 }),
    })),
    // A union of the one and a record of the other: branches that only some values come to.
    fc.tuple(tie('record'), tie('record'), fc.boolean()).map(([one, other, isNarrow]) => ({
      writer: [one.writer, 'null', other.writer],
      reader: isNarrow ? [one.reader, 'null'] : ['null', other.reader, one.reader],
      value: fc.oneof(fc.constant(null), ...[one, other].map(inBranch)),
    }))
  ),
  record: fc
    .tuple(
      fc.array(tie('any'), { minLength: 1, maxLength: 4 }),
      fc.array(fate, { minLength: 4, maxLength: 4 }),
      fc.nat(),
      fc.nat(9)
    )
    .map(([fields, fates, added, chance]) => record(fields, fates, added, chance > 0)),
})).record

function inBranch({ writer, value }: Pair): fc.Arbitrary<unknown> {
  return value.map((inner) => ({ [(writer as { name: string }).name]: inner }))
}
