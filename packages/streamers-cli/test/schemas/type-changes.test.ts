import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { compareSchemas, extractSchemas } from '../../src/schemas'
import type { EventSchema, SchemaChange } from '../../src/schemas'
import { inTempFolder } from '../support/temp-folder'

type Pair = readonly [what: string, before: string, after: string, breaksBackward: boolean, breaksForward: boolean]

/** A field's type before and after, and whether old events do not fit the new class, and new events the old one. */
const PAIRS: readonly Pair[] = [
  ['a brand beside a list', "string[] & { __b: 'x' }", 'string[]', false, false],
  ['a brand beside a tuple', "[string, Date] & { __b: 'x' }", '[string, Date]', false, false],
  ['template narrowed', '`a-${string}`', '`a-${number}`', true, true],
  ['template to string', '`a-${string}`', 'string', false, true],
  ['string to template', 'string', '`a-${string}`', true, false],
  ['literal to template covering', "'a-1'", '`a-${number}`', false, true],
  ['template same', '`a-${string}`', '`a-${string}`', false, false],
  ['never to optional', '{ a: string; b?: never }', '{ a: string; b?: number }', false, true],
  ['optional to never', '{ a: string; b?: number }', '{ a: string; b?: never }', true, false],
  ['Record number value', 'Record<number, Date>', 'Record<number, string>', false, true],
  ['Record to number keyed', 'Record<string, Date>', 'Record<number, Date>', false, false],
  ['deep readonly same', '{ a: { b: Date[] } }', 'DeepReadonly<{ a: { b: Date[] } }>', false, false],
  ['Partial', '{ a: string; b: number }', 'Partial<{ a: string; b: number }>', false, true],
  ['Required', 'Partial<{ a: string }>', 'Required<{ a?: string }>', true, false],
  ['enum member added', "'a' | 'b'", "'a' | 'b' | 'c'", false, true],
  ['enum reorder', "'a' | 'b'", "'b' | 'a'", false, false],
  ['enum to string', "'a' | 'b'", 'string', false, true],
  ['num enum widening', '1 | 2', 'number', false, true],
  ['bigint literal widen', '5n', 'bigint', false, false],
  ['bigint to string', 'bigint', 'string', true, true],
  ['tuple optional added', '[string]', '[string, number?]', false, true],
  ['tuple to array', '[string, string]', 'string[]', false, true],
  ['array to readonly', 'string[]', 'readonly string[]', false, false],
  ['array item union', 'string[]', '(string | null)[]', false, true],
  ['recursive same renamed', 'TreeA', 'TreeB', false, false],
  ['recursive inner changed', 'TreeA', 'TreeC', true, true],
  ['index sig value widened', '{ [k: string]: string }', '{ [k: string]: string | number }', false, true],
  ['index sig plus prop', '{ [k: string]: string }', '{ id: string; [k: string]: string }', true, false],
  [
    'union of objects one removed',
    "{ k: 'a'; x: string } | { k: 'b'; y: number }",
    "{ k: 'a'; x: string }",
    true,
    false,
  ],
  ['union of objects one added', "{ k: 'a'; x: string }", "{ k: 'a'; x: string } | { k: 'b'; y: number }", false, true],
  [
    'union discriminated field changed',
    "{ k: 'a'; x: string } | { k: 'b'; y: number }",
    "{ k: 'a'; x: number } | { k: 'b'; y: number }",
    true,
    true,
  ],
  ['interface vs literal', 'Pt', '{ x: number; y?: number }', false, false],
  ['generic vs spelled', 'Box<Date>', '{ held: Date }', false, false],
  ['Omit of union vs kind', "Omit<Either, 'a' | 'b'>", "{ kind: 'a' | 'b' }", false, false],
  ['brand removed', "string & { __b: 'x' }", 'string', false, false],
  ['Date to string', 'Date', 'string', false, true],
  ['string to Date', 'string', 'Date', true, false],
  ['UUID to string', 'UUID', 'string', false, true],
  ['null removed', 'string | null', 'string', true, false],
  ['undefined removed', 'string | undefined', 'string', true, false],
  ['{} to unknown', '{}', 'unknown', false, true],
  ['object to {}', 'object', '{}', false, true],
  ['bytes to string', 'Uint8Array', 'string', false, true],
  ['boolean to true', 'boolean', 'true', true, false],
  ['true|false to boolean', 'true | false', 'boolean', false, false],
  ['any to string', 'any', 'string', true, false],
  ['keyof', 'keyof Pt', "'x' | 'y'", false, false],
  ['class vs interface', 'PtClass', '{ x: number; y?: number }', false, false],
  ['a Map is not its size', 'Map<string, number>', '{ readonly size: number }', true, false],
  [
    'a Map in an object',
    '{ readonly m: Map<string, number> }',
    '{ readonly m: { readonly size: number } }',
    true,
    false,
  ],
  ['default added', '{ readonly x: number; readonly y?: number }', 'PtDefault', false, true],
]

const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, target: 'es2022', module: 'commonjs', moduleResolution: 'node', types: [] },
  include: ['src'],
})

const TYPES = `declare class UUID extends String {}
export type DeepReadonly<T> = T extends Date ? T : T extends (infer U)[] ? readonly DeepReadonly<U>[] : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
export interface TreeA { n: string; kids: TreeA[] }
export interface TreeB { n: string; kids: TreeB[] }
export interface TreeC { n: number; kids: TreeC[] }
export interface Pt { x: number; y?: number }
export class PtClass { x!: number; y?: number }
export class PtDefault { x: number = 1; y?: number }
export interface Box<T> { held: T }
export type Either = { kind: 'a'; a: number } | { kind: 'b'; b: string }
`

const eventClass = (type: string, index: number): string =>
  `export class Event${index} { constructor(readonly id: string, readonly value: ${type}) {} entityID() { return this.id } }`

async function schemasOf(types: readonly string[]): Promise<EventSchema[]> {
  let schemas: EventSchema[] = []
  await inTempFolder(async (folder) => {
    await mkdir(join(folder, 'src'))
    await writeFile(join(folder, 'tsconfig.json'), TSCONFIG)
    await writeFile(join(folder, 'src', 'events.ts'), TYPES + types.map(eventClass).join('\n'))
    schemas = extractSchemas(folder)
  })
  return schemas
}

describe('a change to the type of a field', function () {
  this.timeout(120_000)
  let changes: SchemaChange[] = []

  before(async () => {
    changes = compareSchemas(
      await schemasOf(PAIRS.map(([, before]) => before)),
      await schemasOf(PAIRS.map(([, , after]) => after))
    )
  })

  for (const [index, [what, before, after, breaksBackward, breaksForward]] of PAIRS.entries()) {
    it(`${what}: ${before} → ${after}`, () => {
      const found = changes.filter(({ event }) => event === `Event${index}`)
      const said = found.map((one) => one.what).join('; ')
      expect(
        found.some((one) => one.breaksBackward),
        said
      ).to.equal(breaksBackward)
      expect(
        found.some((one) => one.breaksForward),
        said
      ).to.equal(breaksForward)
    })
  }
})
