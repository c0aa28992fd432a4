import { TextType } from './logical'
import type { LogicalSchema } from './logical'
import { Misfit } from '../../misfit'

const MS_A_DAY = 86_400_000

/** A way of counting time. */
interface Unit {
  /** What the count is of, and so how its text looks. */
  readonly text: 'date' | 'time' | 'instant' | 'local'
  /** Digits behind the second. */
  readonly digits: number
  /** The Avro type beneath. */
  readonly beneath: 'int' | 'long'
}

/** Avro 1.12, "Logical Types", those of time. */
export const TIMES: Readonly<Record<string, Unit>> = {
  date: { text: 'date', digits: 0, beneath: 'int' },
  'time-millis': { text: 'time', digits: 3, beneath: 'int' },
  'time-micros': { text: 'time', digits: 6, beneath: 'long' },
  'timestamp-millis': { text: 'instant', digits: 3, beneath: 'long' },
  'timestamp-micros': { text: 'instant', digits: 6, beneath: 'long' },
  'timestamp-nanos': { text: 'instant', digits: 9, beneath: 'long' },
  'local-timestamp-millis': { text: 'local', digits: 3, beneath: 'long' },
  'local-timestamp-micros': { text: 'local', digits: 6, beneath: 'long' },
  'local-timestamp-nanos': { text: 'local', digits: 9, beneath: 'long' },
}

const DATE = /^(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)/
const CLOCK = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?/
const ZONE = /^(?:Z|[+-]\d\d:\d\d)$/

/**
 * A date, a time of day or a point in time as ISO 8601 text with all digits of its unit: `2026-11-21`, `08:25:35.000123`,
 * `2026-11-21T08:25:35.123Z`, and without the `Z` where the time is local. Written from such text, and, but for times of day, from a
 * `Date`. Not from a number: it would not say its unit.
 */
export class TimeType extends TextType {
  private readonly unit: Unit

  public constructor(schema: LogicalSchema, options: object) {
    const unit = TIMES[schema.logicalType]
    if (schema.type !== unit.beneath) throw new Misfit(`${schema.logicalType} is an ${unit.beneath}`)
    super(schema, options)
    this.unit = unit
  }

  protected override _fromValue(value: unknown): string {
    const { text, digits } = this.unit
    if (text === 'date') return isoOf((value as number) * MS_A_DAY).replace(/T.*$/, '')
    if (text === 'instant' && digits === 3) return isoOf(Number(value))
    const perSecond = 10n ** BigInt(digits)
    const count = BigInt(value as number | bigint)
    const fraction = ((count % perSecond) + perSecond) % perSecond
    const iso = isoOf(Number((count - fraction) / perSecond) * 1000)
    const full = `${iso.slice(0, iso.indexOf('.'))}.${fraction.toString().padStart(digits, '0')}`
    if (text === 'instant') return `${full}Z`
    if (text === 'local') return full
    if (count < 0n || count >= 86_400n * perSecond) throw new Misfit('a time of day is outside of the day')
    return full.slice(full.indexOf('T') + 1)
  }

  protected override _toValue(value: unknown): number | bigint {
    const { text, digits } = this.unit
    const given = value instanceof Date ? this.fromDate(value) : value
    if (typeof given !== 'string') throw new Misfit('no time')
    if (text === 'date') return dayOf(given)
    const { ms, fraction } = text === 'time' ? clockOf(given, '') : instantOf(given, text)
    const count = BigInt(ms / 1000) * 10n ** BigInt(digits) + fractionOf(fraction, digits)
    const number = Number(count)
    return Number.isSafeInteger(number) ? number : count
  }

  public override isSame(other: TextType): boolean {
    return other instanceof TimeType && other.logicalType === this.logicalType
  }

  private fromDate(date: Date): string | undefined {
    const iso = date.toISOString()
    if (this.unit.text === 'instant') return iso
    if (this.unit.text === 'local') return iso.slice(0, -1)
    return this.unit.text === 'date' ? iso.replace(/T.*$/, '') : undefined
  }
}

function isoOf(ms: number): string {
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) throw new Misfit('a time is too far away')
  return date.toISOString()
}

/** Days since 1970. */
function dayOf(text: string): number {
  const date = DATE.exec(text)
  if (!date || date[0] !== text) throw new Misfit('no date')
  return midnightOf(date) / MS_A_DAY
}

/** Milliseconds since 1970 at midnight of a day that exists. */
function midnightOf([found, , month, day]: RegExpExecArray): number {
  const ms = Date.parse(`${found}T00:00:00.000Z`)
  const date = new Date(ms)
  if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) {
    throw new Misfit('no day of the calendar')
  }
  return ms
}

/** Text of a point in time: its whole seconds in milliseconds, and the digits behind them. Throws for what is none. */
export function instantOf(text: string, kind: 'instant' | 'local'): { ms: number; fraction: string } {
  const date = DATE.exec(text)
  if (!date || text[date[0].length] !== 'T') throw new Misfit('no time')
  const midnight = midnightOf(date)
  const rest = text.slice(date[0].length + 1)
  const zone = rest.replace(CLOCK, '')
  if (kind === 'instant' ? !ZONE.test(zone) : zone !== '') throw new Misfit('no time, or without its zone')
  const { ms, fraction } = clockOf(rest, zone)
  return { ms: midnight + ms - offsetOf(zone), fraction }
}

/** Milliseconds since midnight, in whole seconds. */
function clockOf(text: string, behind: string): { ms: number; fraction: string } {
  const clock = CLOCK.exec(text)
  if (!clock || clock[0] + behind !== text) throw new Misfit('no time')
  const [hours, minutes, seconds] = clock.slice(1, 4).map((part) => Number(part ?? 0))
  if (hours > 23 || minutes > 59 || seconds > 59) throw new Misfit('no time of day')
  return { ms: ((hours * 60 + minutes) * 60 + seconds) * 1000, fraction: clock[4] ?? '' }
}

function offsetOf(zone: string): number {
  if (zone === '' || zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return (zone[0] === '-' ? -minutes : minutes) * 60_000
}

/** Digits behind the second as a count of so many digits. Throws for more digits. */
export function fractionOf(fraction: string, digits: number): bigint {
  const told = fraction.replace(/0+$/, '')
  if (told.length > digits) throw new Misfit('a time has more digits than its unit')
  return BigInt(told.padEnd(digits, '0') || '0')
}
