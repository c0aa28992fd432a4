import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { className, shapesApp } from '../../../../test/field-shapes/app'
import { SHAPES } from '../../../../test/field-shapes/table'
import { extractSchemas } from '../../src/schemas'
import type { EventSchema, FieldSchema } from '../../src/schemas'
import { validatorCode } from '../../src/validators'

/** Below the repository, so that Booster's types are found. */
const SCRATCH = join(__dirname, '..', '..', '..', '..', '.cache')

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'es2022',
    lib: ['es2022'],
    module: 'commonjs',
    moduleResolution: 'node',
    experimentalDecorators: true,
    types: ['node'],
  },
  include: ['src/events.ts'],
}

/** What the compiler lets through and its schema does not say, or says and no handler is told of. */
const UNSAID: Readonly<Record<string, string>> = {
  'get value()': 'what a class works out is no field',
  'get and set value()': 'what a class works out is no field',
  'value()': 'a method is no field',
  '#private': 'is no field',
}

/** The validator that is generated for a schema, with judges for what JSON has for times, whole numbers and bytes. */
function validatorFor(schema: FieldSchema): (value: unknown) => boolean {
  const isInstant = (value: unknown): boolean => typeof value === 'string' && isDateTime(value)
  const isBytes = (value: unknown): boolean =>
    typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value
  const names = ['module', 'isInstant', 'isBigInt', 'isBytes']
  const made = new Function(...names, `${validatorCode(schema)}\nreturn module.exports`) as (
    ...given: unknown[]
  ) => (value: unknown) => boolean
  return made({ exports: {} }, isInstant, Number.isInteger, isBytes)
}

/** As JSON has it: the table writes big integers as JavaScript does. */
function inJson(value: string): unknown {
  return (0, eval)(`(${value.replace(/(\d)n\b/g, '$1')})`)
}

/** RFC 3339, section 5.6, with its leap seconds and without days that the month does not have. */
function isDateTime(text: string): boolean {
  const [, day = ''] = /^(.*)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.exec(text) ?? []
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const hasTime = !Number.isNaN(Date.parse(text.replace(/:60(?=\D)/, ':59')))
  return hasTime && !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
}

describe('the schema of a field of every shape', function () {
  this.timeout(180_000)
  const schemas = new Map<string, EventSchema>()
  const ajv = new Ajv({
    formats: {
      uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      uri: true,
      byte: (text: string) => Buffer.from(text, 'base64').toString('base64') === text,
      int64: { type: 'number', validate: Number.isInteger },
      'date-time': isDateTime,
    },
    strict: false,
  })

  before(async () => {
    await mkdir(SCRATCH, { recursive: true })
    const folder = await mkdtemp(join(SCRATCH, 'shapes-'))
    try {
      const files = { ...shapesApp(), 'tsconfig.json': JSON.stringify(TSCONFIG) }
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text)
      }
      for (const one of extractSchemas(folder)) schemas.set(one.event, one)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  SHAPES.forEach(({ type, field = 'value', valid, revived = [], wrong, doubtful = [], unknown = [] }, index) => {
    it(`${type}: the validator judges as the schema does`, () => {
      const { schema = false } = schemas.get(className(index)) ?? {}
      const accepts = ajv.compile(schema)
      const validate = validatorFor(schema as FieldSchema)
      const values = [...valid, ...revived].map((one) => (typeof one === 'string' ? one : one[0]))
      for (const value of [...values, ...wrong, ...doubtful, ...unknown]) {
        const event = { [field]: inJson(value) }
        expect(validate(event), value).to.equal(accepts(event))
      }
      expect(validate({}), 'without the field').to.equal(accepts({}))
    })
  })

  SHAPES.forEach(({ type, field = 'value', valid, revived = [], wrong, doubtful = [], missing }, index) => {
    if (UNSAID[type] !== undefined) return
    it(`${type}: admits what a handler is given, and refuses all else`, () => {
      const accepts = ajv.compile(schemas.get(className(index))?.schema ?? false)
      for (const one of [...valid, ...revived]) {
        const value = typeof one === 'string' ? one : one[0]
        expect(accepts({ [field]: inJson(value) }), value).to.equal(true)
      }
      for (const value of [...wrong, ...doubtful]) {
        // In JSON, a number that is too large for one looks like any other.
        if (/\dn$/.test(value)) continue
        expect(accepts({ [field]: inJson(value) }), value).to.equal(false)
      }
      expect(accepts({}), 'without the field').to.equal(missing === 'taken')
    })
  })
})
