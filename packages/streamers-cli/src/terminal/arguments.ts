import { InvalidArgumentError } from 'commander'

/** A whole number from 1. */
export function toCount(value: string): number {
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It must be a whole number, at least 1.')
  return count
}

/** A day or a time, ISO 8601. */
export function toDate(value: string): Date {
  const date = new Date(value)
  if (!/^\d{4}-\d\d-\d\d(?:T|$)/.test(value) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('It must be a day or a time, such as 2026-11-21 or 2026-11-21T08:00:00Z.')
  }
  return date
}

/** Events a second, as `200` or `200/s`. */
export function toRate(value: string): number {
  const rate = Number(value.replace(/\/s$/, ''))
  if (!(rate > 0) || !Number.isFinite(rate))
    throw new InvalidArgumentError('It must be a number above 0, such as 200 or 200/s.')
  return rate
}

/** The largest seed of random values. */
export const MOST_SEED = 2 ** 31 - 1

/** What random values begin with. */
export function toSeed(value: string): number {
  const seed = Number(value)
  if (value === '' || !Number.isInteger(seed) || seed < 0 || seed > MOST_SEED) {
    throw new InvalidArgumentError(`It is a whole number from 0 to ${MOST_SEED}.`)
  }
  return seed
}
