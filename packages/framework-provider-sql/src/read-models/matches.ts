import { isDeepStrictEqual } from 'node:util'
import { StreamerError } from '@boostercloud/streamer-connector'
import { asStored } from '../values/text'
import { patternOf } from './pattern'

/** What a filter may ask of one field. */
const OPERATORS = [
  'eq',
  'ne',
  'lt',
  'gt',
  'lte',
  'gte',
  'in',
  'isDefined',
  'contains',
  'beginsWith',
  'includes',
  'regex',
  'iRegex',
] as const
export type Operator = (typeof OPERATORS)[number]

type Fields = Readonly<Record<string, unknown>>

/** A filter taken apart: every part must hold. */
export type FilterPart =
  | { readonly kind: 'and'; readonly parts: readonly (readonly FilterPart[])[] }
  | { readonly kind: 'or'; readonly parts: readonly (readonly FilterPart[])[] }
  | { readonly kind: 'not'; readonly part: readonly FilterPart[] }
  | { readonly kind: 'field'; readonly path: readonly string[]; readonly operator: Operator; readonly operand: unknown }

/** Deeper than any filter that a person writes, and far from where the stack ends. */
const DEEPEST = 200

/**
 * Takes a filter of Booster's apart. Throws for a text operator whose operand is no text, for a pattern that is not understood, and for a
 * filter that is nested more than 200 times.
 */
export function partsOf(filter: unknown, path: readonly string[] = [], depth = 0): FilterPart[] {
  if (depth > DEEPEST) throw tooDeep()
  return Object.entries((filter ?? {}) as Fields).flatMap(([key, value]): FilterPart[] => {
    if (value === undefined) return []
    if (key === 'not') return [{ kind: 'not', part: partsOf(value, path, depth + 1) }]
    if (key === 'and' || key === 'or') {
      return [{ kind: key, parts: (value as unknown[]).map((each) => partsOf(each, path, depth + 1)) }]
    }
    if (path.length > 0 && isOperator(key)) return [operation(path, key, value)]
    return partsOf(value, [...path, key], depth + 1)
  })
}

function tooDeep(): StreamerError {
  return new StreamerError('OPTION_INVALID', `A filter is nested more than ${DEEPEST} times.`, {
    at: 'filter',
    hint: 'Put alternatives side by side in one or, and conditions side by side in one and.',
  })
}

/** Whether a read model passes a filter: the meaning that the databases' conditions follow. */
export function matches(parts: readonly FilterPart[], readModel: unknown): boolean {
  return parts.every((part) => {
    if (part.kind === 'not') return !matches(part.part, readModel)
    if (part.kind === 'and') return part.parts.every((each) => matches(each, readModel))
    if (part.kind === 'or') return part.parts.some((each) => matches(each, readModel))
    return TESTS[part.operator](asStored(fieldOf(readModel, part.path)), part.operand)
  })
}

const TEXT_OPERATORS: readonly string[] = ['contains', 'beginsWith', 'regex', 'iRegex']

function operation(path: readonly string[], operator: Operator, operand: unknown): FilterPart {
  if (TEXT_OPERATORS.includes(operator) && typeof operand !== 'string') {
    throw new Error(`The filter ${operator} of '${path.join('.')}' takes a string.`)
  }
  if (operator === 'regex' || operator === 'iRegex') patternOf(String(operand), operator === 'iRegex')
  return { kind: 'field', path, operator, operand: asStored(operand) }
}

const TESTS: Readonly<Record<Operator, (value: unknown, operand: unknown) => boolean>> = {
  eq: isDeepStrictEqual,
  ne: (value, operand) => !isDeepStrictEqual(value, operand),
  lt: compared((value, operand) => value < operand),
  gt: compared((value, operand) => value > operand),
  lte: compared((value, operand) => value <= operand),
  gte: compared((value, operand) => value >= operand),
  in: (value, operand) => listOf(operand).some((each) => isDeepStrictEqual(value, each)),
  isDefined: (value, operand) => (value !== undefined) === Boolean(operand),
  contains: (value, operand) => typeof value === 'string' && value.includes(String(operand)),
  beginsWith: (value, operand) => typeof value === 'string' && value.startsWith(String(operand)),
  includes: (value, operand) => includes(value, operand),
  regex: (value, operand) => typeof value === 'string' && patternOf(String(operand), false)(value),
  iRegex: (value, operand) => typeof value === 'string' && patternOf(String(operand), true)(value),
}

/** What `in` is given; one value alone is a list of it. */
export function listOf(operand: unknown): readonly unknown[] {
  return Array.isArray(operand) ? operand : [operand]
}

function compared(
  test: (value: number | string, operand: number | string) => boolean
): (value: unknown, operand: unknown) => boolean {
  return (value, operand) => {
    if (typeof value === 'number' && typeof operand === 'number') return test(value, operand)
    return typeof value === 'string' && typeof operand === 'string' && test(value, operand)
  }
}

/** In a list, the value, or an object that has at least these fields; in a text, a text. */
function includes(value: unknown, operand: unknown): boolean {
  if (typeof value === 'string') return typeof operand === 'string' && value.includes(operand)
  if (!Array.isArray(value)) return false
  if (!isObject(operand)) return value.some((each) => isDeepStrictEqual(each, operand))
  return value.some(
    (each) => isObject(each) && Object.entries(operand).every(([key, wanted]) => isDeepStrictEqual(each[key], wanted))
  )
}

function fieldOf(readModel: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    readModel
  )
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOperator(key: string): key is Operator {
  return (OPERATORS as readonly string[]).includes(key)
}
