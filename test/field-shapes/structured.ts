import { AT, INNER, SEEN_INNER, T } from './shape'
import type { Shape } from './shape'

/** Choices, objects, and what can be anything. */
export const STRUCTURED: readonly Shape[] = [
  // choices
  { type: 'Size', valid: ['"small"', '"big"'], wrong: ['"tiny"', '1'], missing: 'refused' },
  { type: 'Size | null', valid: ['"small"', 'null'], wrong: ['"tiny"'], missing: 'doubt' },
  { type: 'Size.small', valid: ['"small"'], wrong: [], doubtful: ['"big"'], missing: 'doubt' },
  { type: 'Level', valid: ['0', '1'], wrong: ['"low"', 'true'], doubtful: ['7'], missing: 'refused' },
  { type: 'Fixed', valid: ['"one"'], wrong: [], doubtful: ['"two"'], missing: 'doubt' },
  { type: 'string | number', valid: ['"a"', '1'], wrong: ['true', '[]', '{}'], missing: 'refused' },
  { type: 'string | string[]', valid: ['"a"', '["a"]'], wrong: ['1', '[1]'], missing: 'refused' },
  {
    type: 'Either',
    valid: ['{ kind: "a", a: 1 }', '{ kind: "b", b: "x" }'],
    wrong: [],
    doubtful: ['{ kind: "a", b: "x" }', '{ kind: "c" }', '1'],
    missing: 'refused',
  },
  // objects
  {
    type: 'Inner',
    valid: [
      [INNER, SEEN_INNER],
      [`{ n: 1, at: ${T}, more: 2 }`, `Inner { n: 1, at: ${AT}, more: 2 }`],
    ],
    wrong: ['[]', '"a"', '{ n: 1 }', '{}', `{ n: "1", at: ${T} }`],
    missing: 'refused',
  },
  { type: 'Inner | null', valid: [[INNER, SEEN_INNER], 'null'], wrong: ['{}', '1'], missing: 'doubt' },
  { type: '?: Inner', body: 'readonly value?: Inner', valid: [[INNER, SEEN_INNER]], wrong: ['{}'], missing: 'taken' },
  { type: 'Inner | string', valid: [[INNER, SEEN_INNER], '"a"'], wrong: ['1', '{}'], missing: 'refused' },
  {
    type: 'Node',
    valid: [['{ name: "a", next: { name: "b" } }', 'Node { name: "a", next: Node { name: "b" } }']],
    wrong: ['{ name: "a", next: { name: 1 } }', '{ next: null }'],
    missing: 'refused',
  },
  {
    type: 'Amounts',
    valid: [['{ cents: 5 }', 'Amounts { cents: 5n }']],
    wrong: ['{ cents: "5" }', '{}'],
    missing: 'refused',
  },
  {
    type: 'Generic<string>',
    valid: ['{ held: "a" }'],
    wrong: [],
    doubtful: ['{ held: 1 }', '{}', '1'],
    missing: 'refused',
  },
  {
    type: 'Point',
    valid: ['{ x: 1 }', '{ x: 1, y: 2 }'],
    wrong: [],
    doubtful: ['{}', '{ x: "1" }', '1', '[]'],
    missing: 'refused',
  },
  { type: 'Point | null', valid: ['{ x: 1 }', 'null'], wrong: [], doubtful: ['{}'], missing: 'doubt' },
  {
    type: 'Tree',
    valid: ['{ name: "a", children: [{ name: "b", children: [] }] }'],
    wrong: [],
    doubtful: ['{ name: "a", children: [{}] }'],
    missing: 'refused',
  },
  { type: 'Alias', valid: ['{ a: 1 }'], wrong: [], doubtful: ['{}', '{ a: "1" }', '1'], missing: 'refused' },
  { type: 'Maybe<number>', valid: ['1', 'null'], wrong: ['"1"'], missing: 'doubt' },
  { type: 'Box<number>', valid: ['{ held: 1 }'], wrong: [], doubtful: ['{}', '{ held: "1" }'], missing: 'refused' },
  {
    type: '{ readonly a: number }',
    valid: ['{ a: 1 }'],
    wrong: [],
    doubtful: ['{}', '{ a: "1" }', '1'],
    missing: 'refused',
  },
  { type: '{ readonly at: Date }', valid: [], wrong: [], doubtful: ['{ at: "soon" }', '{}'], missing: 'refused' },
  { type: 'Partial<Point>', valid: ['{}', '{ x: 1 }'], wrong: [], doubtful: ['{ x: "1" }'], missing: 'refused' },
  { type: 'Pick<Point, "x">', valid: ['{ x: 1 }'], wrong: [], doubtful: ['{}'], missing: 'refused' },
  {
    type: 'Point & { readonly z: number }',
    valid: ['{ x: 1, z: 2 }'],
    wrong: [],
    doubtful: ['{ x: 1 }', '1'],
    missing: 'doubt',
  },
  {
    type: 'Record<string, number>',
    valid: ['{}', '{ a: 1 }'],
    wrong: [],
    doubtful: ['{ a: "1" }', '1', '[]'],
    missing: 'refused',
  },
  {
    type: "Record<'a' | 'b', number>",
    valid: ['{ a: 1, b: 2 }'],
    wrong: [],
    doubtful: ['{ a: 1 }'],
    missing: 'refused',
  },
  {
    type: '{ readonly [name: string]: boolean }',
    valid: ['{}', '{ a: true }'],
    wrong: [],
    doubtful: ['{ a: 1 }'],
    missing: 'refused',
  },
  { type: 'object', valid: ['{}', '{ a: 1 }'], wrong: [], doubtful: ['1', '"a"'], missing: 'doubt' },
  // what makes its own JSON
  { type: 'URL', valid: ['"https://example.com/a"'], wrong: [], doubtful: ['1', '{}'], missing: 'refused' },
  { type: 'Temperature', valid: ['"21°C"'], wrong: [], doubtful: ['1', '{}'], missing: 'refused' },
  // anything
  { type: 'unknown', valid: ['1', '"a"', 'null', '{}'], wrong: [], missing: 'taken' },
  { type: 'any', valid: ['1', '"a"', 'null', '{}'], wrong: [], missing: 'taken' },
  { type: 'null', valid: ['null'], wrong: [], doubtful: ['1'], missing: 'doubt' },
]
