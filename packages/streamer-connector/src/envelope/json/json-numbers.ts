import { parse, stringify } from 'lossless-json'

/**
 * How numbers of JSON are read that a double cannot keep.
 * @experimental
 */
export interface JsonNumbers {
  /**
   * A number with a fraction or an exponent, and with more digits than a double keeps, is read as the nearest double. Default: it is refused.
   * For measurements and averages; amounts of money that matter to the last digit travel as text, or as a whole number of cents.
   */
  readonly roundDecimals?: boolean
}

/** A number that cannot be read as what it is. */
export class NumberLost extends RangeError {}

/** Digits that a double always keeps are fewer. */
const LONG_RUN = 16
const LARGE_EXPONENT = /\d[eE][+-]?\d{3}/
const WHOLE = /^-?\d+$/
const PARTS = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
/** Digits of the longest whole number, and of the longest that a double can be written with. */
const [MAX_DIGITS, MAX_PRECISION] = [1_000, 100]

/** Whether JSON may have a number that the usual parser would change; false for nearly all that is sent. */
export function mayLoseNumbers(text: string): boolean {
  return hasLongRun(text) || LARGE_EXPONENT.test(text)
}

/**
 * Whether so many digits stand together as a whole number beyond 2^53 has. Looks at every sixteenth character, and around it only where
 * that is a digit: this is done for every body.
 */
export function hasLongRun(text: string): boolean {
  for (let at = LONG_RUN - 1; at < text.length; at += LONG_RUN) {
    if (isOfNumber(text.charCodeAt(at)) && runAround(text, at) >= LONG_RUN) return true
  }
  return false
}

/** How many digits and points stand together there. */
function runAround(text: string, at: number): number {
  let [from, to] = [at, at]
  while (isOfNumber(text.charCodeAt(from - 1))) from -= 1
  while (isOfNumber(text.charCodeAt(to + 1))) to += 1
  return to - from + 1
}

/** A digit or a point; not what is beyond the ends. */
function isOfNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e
}

/** The same as the usual parser reads from acceptable JSON, but for numbers. Throws `NumberLost`. */
export function parseWithNumbers(text: string, numbers: JsonNumbers): unknown {
  return parse(text, undefined, {
    parseNumber: (literal) => numberFrom(literal, numbers),
    onDuplicateKey: ({ newValue }) => newValue,
  })
}

/** A value as JSON in which a double is told from a whole number: one beyond 2^53 is written with its exponent. */
export function stringifyWithNumbers(value: unknown): string | undefined {
  return stringify(value, undefined, undefined, [
    { test: isLargeDouble, stringify: (double) => (double as number).toExponential() },
  ])
}

function isLargeDouble(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}

/** A whole number beyond 2^53 is a `bigint`; any other is a double that, written with as many digits, is the literal again. */
function numberFrom(literal: string, { roundDecimals = false }: JsonNumbers): number | bigint {
  const value = Number(literal)
  if (WHOLE.test(literal)) {
    if (Number.isSafeInteger(value)) return value
    if (literal.length > MAX_DIGITS) throw new NumberLost('it has a number that is too long')
    return BigInt(literal)
  }
  if (!Number.isFinite(value)) throw new NumberLost('it has a number that is too large')
  if (roundDecimals || isKept(literal, value)) return value
  throw new NumberLost('it has a number with more digits than can be kept')
}

function isKept(literal: string, value: number): boolean {
  const told = normal(literal)
  const { length } = told.digits
  if (length === 0) return true
  // The shortest way to write the double, as most producers do; else the double with as many digits as there are.
  return (
    isSame(normal(String(value)), told) || (length <= MAX_PRECISION && isSame(normal(value.toPrecision(length)), told))
  )
}

interface Normal {
  readonly digits: string
  readonly exponent: number
}

function isSame(one: Normal, other: Normal): boolean {
  return one.digits === other.digits && one.exponent === other.exponent
}

/** A literal's digits without the zeros around them, and the power of ten behind; the sign is not looked at. */
function normal(literal: string): Normal {
  const [, whole = '', fraction = '', power = '0'] = PARTS.exec(literal) ?? []
  const all = (whole + fraction).replace(/^0+/, '')
  const digits = all.replace(/0+$/, '')
  return { digits, exponent: Number(power) - fraction.length + all.length - digits.length }
}
