import fc from 'fast-check'

/** A schema with values for it. */
export interface Sample {
  readonly schema: unknown
  readonly value: fc.Arbitrary<unknown>
}

const LONGS = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(exact)
const SMALL = fc.maxSafeInteger()
const MS = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 })

let names = 0
/** A name that no other has: Avro's named types are declared once. */
const named = (what: string): string => `${what}${(names += 1)}`

/** A number where it is safe, as what is read. */
export function exact(value: bigint): bigint | number {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function iso(ms: number, fraction: string, end: string): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.${fraction}${end}`
}

const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`))

function decimalOf(precision: number, scale: number): fc.Arbitrary<string> {
  const most = 10n ** BigInt(precision) - 1n
  return fc.bigInt({ min: -most, max: most }).map((unscaled) => {
    const text = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
    const point = text.length - scale
    return `${unscaled < 0n ? '-' : ''}${text.slice(0, point)}${scale > 0 ? '.' : ''}${text.slice(point)}`
  })
}

const decimal: fc.Arbitrary<Sample> = fc
  .integer({ min: 1, max: 60 })
  .chain((precision) =>
    fc.record({
      precision: fc.constant(precision),
      scale: fc.integer({ min: 0, max: precision }),
      isFixed: fc.boolean(),
    })
  )
  .map(({ precision, scale, isFixed }) => ({
    schema: {
      ...(isFixed ? { type: 'fixed', name: named('Fixed'), size: Math.ceil(precision / 2) + 1 } : { type: 'bytes' }),
      logicalType: 'decimal',
      precision,
      scale,
    },
    value: decimalOf(precision, scale),
  }))

const time = (logicalType: string, type: string, value: fc.Arbitrary<string>): Sample => ({
  schema: { type, logicalType },
  value,
})

const TIMES: Sample[] = [
  time(
    'date',
    'int',
    MS.map((ms) => new Date(ms).toISOString().slice(0, 10))
  ),
  time(
    'time-millis',
    'int',
    fc.tuple(MS, digits(3)).map(([ms, more]) => iso(ms, more, '').slice(11))
  ),
  time(
    'time-micros',
    'long',
    fc.tuple(MS, digits(6)).map(([ms, more]) => iso(ms, more, '').slice(11))
  ),
  ...[
    ['millis', 3],
    ['micros', 6],
    ['nanos', 9],
  ].flatMap(([unit, count]) => {
    // A long of nanoseconds ends in the year 2262.
    const ms = unit === 'nanos' ? fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }) : MS
    const at = fc.tuple(ms, digits(count as number))
    return [
      time(
        `timestamp-${unit}`,
        'long',
        at.map(([one, more]) => iso(one, more, 'Z'))
      ),
      time(
        `local-timestamp-${unit}`,
        'long',
        at.map(([one, more]) => iso(one, more, ''))
      ),
    ]
  }),
]

const LEAVES: Sample[] = [
  { schema: 'null', value: fc.constant(null) },
  { schema: 'boolean', value: fc.boolean() },
  { schema: 'int', value: fc.integer() },
  { schema: 'long', value: fc.oneof(LONGS, SMALL) },
  { schema: 'float', value: fc.float({ noNaN: true }) },
  { schema: 'double', value: fc.double({ noNaN: true }) },
  { schema: 'string', value: fc.string({ unit: 'grapheme', maxLength: 100 }) },
  { schema: 'bytes', value: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)) },
  { schema: { type: 'string', logicalType: 'uuid' }, value: fc.uuid() },
  ...TIMES,
]

const leaf: fc.Arbitrary<Sample> = fc.oneof(fc.constantFrom(...LEAVES), decimal)

const keys = fc.dictionary(
  fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
  fc.constant(null),
  { maxKeys: 3 }
)

/** Any schema, and values of it. */
export const sample: fc.Arbitrary<Sample> = fc.letrec<{ any: Sample; container: Sample }>((tie) => ({
  any: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie('container')),
  container: fc.oneof(
    tie('any').map(({ schema, value }) => ({
      schema: { type: 'array', items: schema },
      value: fc.array(value, { maxLength: 4 }),
    })),
    tie('any').map(({ schema, value }) => ({
      schema: { type: 'map', values: schema },
      value: keys.chain((found) => fc.record(Object.fromEntries(Object.keys(found).map((key) => [key, value])))),
    })),
    leaf
      .filter(({ schema }) => schema !== 'null')
      .map(({ schema, value }) => ({ schema: ['null', schema], value: fc.oneof(value, fc.constant(null)) })),
    fc.array(tie('any'), { minLength: 1, maxLength: 4 }).map((samples) => recordOf(samples)),
    fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map((samples) => choiceOf(samples))
  ),
})).any

function recordOf(samples: readonly Sample[]): Sample & { readonly name: string } {
  const name = named('Record')
  const fields = samples.map(({ schema }, index) => ({ name: `f${index}`, type: schema }))
  const value = fc.record(Object.fromEntries(samples.map((one, index) => [`f${index}`, one.value])))
  return { schema: { type: 'record', name, fields }, value, name }
}

/** A union whose branches only their names tell apart. */
function choiceOf(samples: readonly Sample[]): Sample {
  const records = samples.map((one) => recordOf([one]))
  const values = records.map(({ name, value }) => value.map((inner) => ({ [name]: inner })))
  return { schema: records.map(({ schema }) => schema), value: fc.oneof(...values) }
}
