const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i

/** A time of RFC 3339 in microseconds since 1970; undefined for any other text, and for one outside of 64 bits. Finer digits are cut off. */
export function microsOf(text: string): bigint | undefined {
  if (isOfJavaScript(text)) return BigInt(Date.parse(text)) * 1000n
  const [, seconds, fraction = '', zone] = FORM.exec(text) ?? []
  if (seconds === undefined) return undefined
  const millis = Date.parse(`${seconds}${zone.toUpperCase()}`)
  return Number.isNaN(millis) ? undefined : BigInt(millis) * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
}

/** Whether it is what `toISOString` of a date between the years 0 and 9999 gives, as most times of events are: its milliseconds are all of it. */
export function isOfJavaScript(text: string): boolean {
  if (text.length !== 24) return false
  const millis = Date.parse(text)
  return !Number.isNaN(millis) && new Date(millis).toISOString() === text
}

/** Microseconds since 1970 as JavaScript writes times: with milliseconds, or with microseconds where there are any. */
export function textOfMicros(micros: bigint): string {
  const inNumber = Number(micros)
  // Most times are whole milliseconds that a number holds exactly, and big integers are slow.
  if (Number.isSafeInteger(inNumber) && inNumber % 1000 === 0) return new Date(inNumber / 1000).toISOString()
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n)
  const rest = micros - millis * 1000n
  const text = new Date(Number(millis)).toISOString()
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}
