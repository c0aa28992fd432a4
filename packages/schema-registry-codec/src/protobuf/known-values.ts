import type { DescMessage } from '@bufbuild/protobuf'
import type { ReflectMessage } from '@bufbuild/protobuf/reflect'
import { fractionOf, instantOf } from '../avro/types/temporal'
import { Misfit } from '../misfit'

const PER_SECOND = 1_000_000_000
/** From the year 1 to 9999, in seconds since 1970. */
const [FIRST, LAST] = [-62_135_596_800, 253_402_300_799]
/** About 10,000 years, in seconds. */
const LONGEST = 315_576_000_000

interface Count {
  readonly seconds: bigint
  readonly nanos: number
}

/** Whether a message is one value in a message, to tell that it is not set: google/protobuf/wrappers.proto. */
export function isWrapper({ typeName }: DescMessage): boolean {
  return /^google\.protobuf\.(Double|Float|U?Int(32|64)|Bool|String|Bytes)Value$/.test(typeName)
}

/** A point in time as text, with as many digits as it takes: `2026-11-21T08:25:35.123Z`. Throws for one outside of the years 1 to 9999. */
export function timestampText(message: ReflectMessage): string {
  const { seconds, nanos } = countOf(message)
  if (seconds < FIRST || seconds > LAST || nanos < 0 || nanos >= PER_SECOND) throw new Misfit('a time is too far away')
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fractionText(nanos)}Z`
}

/** A duration as text: `1.5s`. */
export function durationText(message: ReflectMessage): string {
  const { seconds, nanos } = countOf(message)
  const isOne = Math.abs(nanos) < PER_SECOND && (seconds === 0n || nanos === 0 || seconds > 0n === nanos > 0)
  if (!isOne || seconds > LONGEST || seconds < -LONGEST) throw new Misfit('a duration is none')
  const sign = seconds < 0n || nanos < 0 ? '-' : ''
  return `${sign}${seconds < 0n ? -seconds : seconds}${fractionText(Math.abs(nanos))}s`
}

/** A `Date`, or text with its zone, as a count. Throws for what is none. */
export function timestampFrom(value: unknown): Count {
  const text = value instanceof Date ? value.toISOString() : value
  if (typeof text !== 'string') throw new Misfit('no time')
  const { ms, fraction } = instantOf(text, 'instant')
  const seconds = BigInt(ms / 1000)
  if (seconds < FIRST || seconds > LAST) throw new Misfit('a time is too far away')
  return { seconds, nanos: Number(fractionOf(fraction, 9)) }
}

/** Text as `1.5s` as a count. Throws for what is none. */
export function durationFrom(value: unknown): Count {
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(String(value)) ?? []
  if (whole === undefined || Number(whole) > LONGEST) throw new Misfit('no duration')
  const nanos = Number(fraction.padEnd(9, '0'))
  return sign === '-' ? { seconds: -BigInt(whole), nanos: 0 - nanos } : { seconds: BigInt(whole), nanos }
}

function countOf(message: ReflectMessage): Count {
  const [seconds, nanos] = message.desc.fields.map((field) => message.get(field))
  return { seconds: BigInt(seconds as bigint), nanos: nanos as number }
}

/** In thousands, as JSON has it. */
function fractionText(nanos: number): string {
  if (nanos === 0) return ''
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`
}
