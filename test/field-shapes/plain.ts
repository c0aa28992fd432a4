import { AT, INNER, SEEN_INNER, T } from './shape'
import type { Shape } from './shape'

/** Texts, numbers, times, and lists. */
export const PLAIN: readonly Shape[] = [
  // texts
  { type: 'string', valid: ['"a"', '""'], wrong: ['1', '[]', '{}', 'true'], missing: 'refused' },
  { type: 'Text', valid: ['"a"'], wrong: ['1'], missing: 'refused' },
  { type: 'UUID', valid: ['"9f0b4a4e-63f5-4b0a-9f0b-0a4e63f54b0a"'], wrong: ['1', '{}'], missing: 'refused' },
  { type: 'OrderId', valid: ['"9f0b4a4e-63f5-4b0a-9f0b-0a4e63f54b0a"'], wrong: ['1', '{}'], missing: 'refused' },
  { type: 'string | null', valid: ['"a"', 'null'], wrong: ['1'], missing: 'doubt' },
  { type: 'string | undefined', valid: ['"a"'], wrong: ['1'], missing: 'taken' },
  { type: '?: string', body: 'readonly value?: string', valid: ['"a"'], wrong: ['1'], missing: 'taken' },
  {
    type: '?: string | null',
    body: 'readonly value?: string | null',
    valid: ['"a"', 'null'],
    wrong: ['1'],
    missing: 'taken',
  },
  { type: "'draft'", valid: ['"draft"'], wrong: ['"other"', '1'], missing: 'refused' },
  { type: "'draft' | 'sent'", valid: ['"draft"', '"sent"'], wrong: ['"other"', '1'], missing: 'refused' },
  { type: "'draft' | 'sent' | null", valid: ['"draft"', 'null'], wrong: ['"other"'], missing: 'doubt' },
  { type: '`v${number}`', valid: ['"v1"'], wrong: [], doubtful: ['1', '"x"'], missing: 'doubt' },
  { type: "string & { readonly __brand: 'Id' }", valid: ['"a"'], wrong: [], doubtful: ['1'], missing: 'doubt' },
  // numbers
  { type: 'number', valid: ['1', '0.5', '-7'], wrong: ['"1"', '9007199254740993n', '[]'], missing: 'refused' },
  { type: 'number | null', valid: ['1', 'null'], wrong: ['"1"'], missing: 'doubt' },
  { type: '5', valid: ['5'], wrong: ['6', '"5"'], missing: 'refused' },
  { type: '1 | 2 | 3', valid: ['1', '3'], wrong: ['4', '"1"'], missing: 'refused' },
  { type: 'bigint', valid: [['7', '7n'], '9007199254740993n'], wrong: ['"7"', '0.5', 'true'], missing: 'refused' },
  { type: 'bigint | null', valid: [['7', '7n'], 'null'], wrong: ['"7"'], missing: 'doubt' },
  {
    type: 'bigint[]',
    valid: [['[1, 9007199254740993n]', '[1n, 9007199254740993n]']],
    wrong: ['["1"]', '1', '[0.5]'],
    missing: 'refused',
  },
  { type: 'number | bigint', valid: ['7', '9007199254740993n'], wrong: ['"7"'], missing: 'refused' },
  { type: 'bigint | string', valid: [['7', '7n'], '"7"'], wrong: ['0.5', 'true'], missing: 'refused' },
  // truth
  { type: 'boolean', valid: ['true', 'false'], wrong: ['"true"', '1'], missing: 'refused' },
  { type: '?: boolean', body: 'readonly value?: boolean', valid: ['true'], wrong: ['"true"'], missing: 'taken' },
  { type: 'true', valid: ['true'], wrong: [], doubtful: ['false', '"true"'], missing: 'doubt' },
  { type: 'boolean | string', valid: ['true', '"a"'], wrong: [], doubtful: ['1', '[]'], missing: 'doubt' },
  // times
  {
    type: 'Date',
    valid: [
      [T, AT],
      ['"2026-11-29T02:02:03.004+01:00"', AT],
    ],
    wrong: ['5', '"soon"', '{}', '"2026-13-41T00:00:00Z"'],
    missing: 'refused',
  },
  { type: 'Date | null', valid: [[T, AT], 'null'], wrong: ['5', '"soon"'], missing: 'doubt' },
  { type: '?: Date', body: 'readonly value?: Date', valid: [[T, AT]], wrong: ['"soon"'], missing: 'taken' },
  { type: 'Date[]', valid: ['[]', [`[${T}]`, `[${AT}]`]], wrong: ['[5]', '["soon"]', T], missing: 'refused' },
  { type: 'readonly Date[]', valid: [[`[${T}]`, `[${AT}]`]], wrong: ['[5]'], missing: 'refused' },
  { type: '(Date | null)[]', valid: [[`[${T}, null]`, `[${AT}, null]`]], wrong: ['["soon"]'], missing: 'refused' },
  { type: 'Date | string', valid: [T, '"soon"'], wrong: ['5'], missing: 'refused' },
  { type: 'Date | number', valid: [[T, AT], '5'], wrong: ['"soon"'], missing: 'refused' },
  // lists
  { type: 'string[]', valid: ['[]', '["a"]'], wrong: ['"a"', '[1]', '{}', '[null]'], missing: 'refused' },
  { type: 'readonly string[]', valid: ['["a"]'], wrong: ['[1]'], missing: 'refused' },
  { type: 'ReadonlyArray<number>', valid: ['[1]'], wrong: ['["1"]'], missing: 'refused' },
  { type: 'string[][]', valid: ['[["a"], []]'], wrong: ['["a"]', '[[1]]'], missing: 'refused' },
  { type: '(string | null)[]', valid: ['["a", null]'], wrong: ['[1]'], missing: 'refused' },
  { type: 'string[] | null', valid: ['["a"]', 'null'], wrong: ['[1]', '"a"'], missing: 'doubt' },
  { type: 'Names', valid: ['["a"]', '[]'], wrong: [], doubtful: ['"a"', '[1]', '{}'], missing: 'refused' },
  { type: 'Size[]', valid: ['["small"]'], wrong: ['["tiny"]'], missing: 'refused' },
  {
    type: 'Inner[]',
    valid: [[`[${INNER}]`, `[${SEEN_INNER}]`]],
    wrong: ['[1]', '[{ n: 1 }]', `[{ n: "1", at: ${T} }]`],
    missing: 'refused',
  },
  { type: 'Point[]', valid: ['[{ x: 1 }]'], wrong: ['1'], doubtful: ['[{}]', '[1]'], missing: 'refused' },
  {
    type: '[string, number]',
    valid: ['["a", 1]'],
    wrong: ['"a"', '{}'],
    doubtful: ['[1, "a"]', '["a"]', '["a", 1, 2]'],
    missing: 'refused',
  },
  { type: 'readonly [Date, bigint?]', valid: [], wrong: ['1'], doubtful: ['["soon"]', '[]'], missing: 'refused' },
  {
    type: '[string, ...number[]]',
    valid: ['["a"]', '["a", 1, 2]'],
    wrong: ['"a"'],
    doubtful: ['["a", "b"]', '[]'],
    missing: 'refused',
  },
]
