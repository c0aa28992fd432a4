import type { FilterFor, ReadModelInterface } from '@boostercloud/framework-types'
import { expect } from 'chai'
import type { ConformanceCase } from '../conformance-case'
import { storedItems } from '../items'

/** A name, a filter, and the items that match it. */
type Row = readonly [name: string, filter: object, ids: readonly string[]]

const OF_ONE_FIELD: readonly Row[] = [
  ['none', {}, ['Date', 'apple', 'banana', 'cherry']],
  ['eq_text', { text: { eq: 'apple' } }, ['apple']],
  ['eq_text_with_quotes', { owner: { name: { eq: `O'Hara "q"` } } }, ['cherry']],
  ['eq_number', { size: { eq: 10 } }, ['banana']],
  ['eq_negative', { ratio: { eq: -1 } }, ['cherry']],
  ['eq_boolean', { ok: { eq: true } }, ['apple', 'cherry']],
  ['eq_false', { ok: { eq: false } }, ['Date', 'banana']],
  ['eq_is_case_sensitive', { text: { eq: 'Apple' } }, []],
  ['eq_is_of_a_type', { size: { eq: '10' } }, []],
  ['eq_empty_text', { note: { eq: '' } }, ['cherry']],
  ['eq_null', { note: { eq: null }, ok: { eq: true } }, ['apple']],
  ['ne_text', { text: { ne: 'apple' } }, ['Date', 'banana', 'cherry']],
  ['ne_includes_absent', { tags: { isDefined: false }, note: { ne: 'n' } }, ['Date']],
  ['lt', { size: { lt: 10 } }, ['apple', 'cherry']],
  ['lte', { size: { lte: 10 } }, ['apple', 'banana', 'cherry']],
  ['gt', { size: { gt: 10 } }, ['Date']],
  ['gte', { size: { gte: 10 } }, ['Date', 'banana']],
  ['gt_fraction', { ratio: { gt: 0.5 } }, ['Date', 'banana']],
  ['gt_text', { text: { gt: 'apple' } }, ['banana']],
  ['lt_text_by_code_units', { text: { lt: 'a' } }, ['Date']],
  ['lt_excludes_absent', { owner: { age: { lt: 1_000 } } }, ['apple', 'banana', 'cherry']],
  ['in_text', { text: { in: ['apple', 'Banana', 'x'] } }, ['Date', 'apple']],
  ['in_number', { size: { in: [1, 100] } }, ['Date', 'apple']],
  ['in_nothing', { size: { in: [] } }, []],
  ['is_defined', { tags: { isDefined: true } }, ['apple', 'banana', 'cherry']],
  ['is_not_defined', { tags: { isDefined: false } }, ['Date']],
  ['is_defined_object', { owner: { isDefined: false } }, ['Date']],
]

const OF_TEXT: readonly Row[] = [
  ['contains', { text: { contains: 'anan' } }, ['Date', 'banana']],
  ['contains_is_case_sensitive', { text: { contains: 'Ban' } }, ['Date']],
  ['contains_no_pattern', { text: { contains: '.' } }, ['cherry']],
  ['contains_no_wildcard', { text: { contains: '%d_' } }, ['cherry']],
  ['contains_parentheses', { text: { contains: '(ripe)' } }, ['banana']],
  ['contains_quote', { owner: { name: { contains: `'Hara "` } } }, ['cherry']],
  ['begins_with', { text: { beginsWith: 'ba' } }, ['banana']],
  ['begins_with_no_pattern', { text: { beginsWith: 'a.b*c' } }, ['cherry']],
  ['begins_with_no_wildcard', { text: { beginsWith: 'a_' } }, []],
  ['regex', { text: { regex: '^[ab].*e' } }, ['apple', 'banana', 'cherry']],
  ['regex_of_javascript', { text: { regex: '\\s\\((?:rip|ros)\\w\\b[^x]$' } }, ['banana']],
  ['regex_is_case_sensitive', { text: { regex: '^B' } }, ['Date']],
  ['i_regex', { text: { iRegex: '^BANANA' } }, ['Date', 'banana']],
]

const OF_ARRAYS: readonly Row[] = [
  ['includes_text', { tags: { includes: 'red' } }, ['apple']],
  ['includes_text_with_space', { tags: { includes: 'long tag' } }, ['cherry']],
  ['includes_number', { marks: { includes: 1 } }, ['apple']],
  ['includes_object', { parts: { includes: { sku: 'x2', count: 2 } } }, ['apple']],
  ['includes_part_of_an_object', { parts: { includes: { sku: 'x1' } } }, ['apple', 'cherry']],
  ['includes_one_object', { parts: { includes: { sku: 'x1', count: 2 } } }, []],
]

const COMBINED: readonly Row[] = [
  ['nested', { owner: { name: { eq: 'Bob' } } }, ['banana']],
  ['nested_twice', { owner: { address: { city: { beginsWith: 'Ar' } } } }, ['apple']],
  ['nested_several_fields', { owner: { age: { gt: 10 }, address: { city: { eq: 'Bonn' } } } }, ['banana']],
  ['several_operators', { size: { gt: 1, lt: 100 } }, ['banana', 'cherry']],
  ['several_operators_other_way_round', { size: { lt: 100, gt: 1 } }, ['banana', 'cherry']],
  ['several_operators_of_text', { text: { beginsWith: 'ba', contains: 'ripe', ne: 'x' } }, ['banana']],
  ['several_operators_nested', { owner: { age: { gte: 9, lt: 40 } } }, ['apple', 'cherry']],
  ['several_fields', { ok: { eq: true }, size: { gt: 1 } }, ['cherry']],
  ['and', { and: [{ size: { gt: 1 } }, { size: { lt: 100 } }] }, ['banana', 'cherry']],
  ['or', { or: [{ size: { eq: 1 } }, { text: { eq: 'Banana' } }] }, ['Date', 'apple']],
  ['not', { not: { size: { gt: 2 } } }, ['apple', 'cherry']],
  ['not_includes_absent', { not: { owner: { age: { gt: 10 } } } }, ['Date', 'cherry']],
  ['not_of_several', { not: { ok: { eq: true }, size: { eq: 1 } } }, ['Date', 'banana', 'cherry']],
  ['and_beside_a_field', { ok: { eq: false }, or: [{ size: { eq: 1 } }, { size: { eq: 10 } }] }, ['banana']],
  [
    'or_of_and_and_not',
    { or: [{ and: [{ ok: { eq: true } }, { size: { gt: 1 } }] }, { not: { size: { lt: 100 } } }] },
    ['Date', 'cherry'],
  ],
  [
    'and_of_or',
    { and: [{ or: [{ size: { eq: 1 } }, { size: { eq: 2 } }] }, { ok: { eq: true } }] },
    ['apple', 'cherry'],
  ],
  ['or_of_several_fields', { or: [{ ok: { eq: true }, size: { eq: 2 } }, { size: { eq: 10 } }] }, ['banana', 'cherry']],
  ['not_of_or', { not: { or: [{ size: { eq: 1 } }, { size: { eq: 2 } }] } }, ['Date', 'banana']],
  ['or_of_nested', { or: [{ owner: { name: { eq: 'Ann' } } }, { owner: { age: { lt: 10 } } }] }, ['apple', 'cherry']],
]

export const filterCases: readonly ConformanceCase[] = [...OF_ONE_FIELD, ...OF_TEXT, ...OF_ARRAYS, ...COMBINED].map(
  ([name, filter, ids]) => ({
    name: `filter_${name}`,
    asserts: `${JSON.stringify(filter)} matches ${ids.length === 0 ? 'nothing' : ids.join(', ')}`,
    async run(bench) {
      const type = await storedItems(bench)
      const found = await bench.provider.readModels.search(bench.config, type, filter as FilterFor<unknown>)
      expect((found as ReadModelInterface[]).map(({ id }) => id).sort()).to.deep.equal(ids)
    },
  })
)
