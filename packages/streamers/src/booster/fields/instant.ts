/** A time as RFC 3339 (section 5.6) has it and `Date.prototype.toJSON` writes it; years beyond 9999 are as ECMAScript has them. */
const INSTANT = /^((?:\d{4}|[+-]\d{6})-\d{2}-\d{2})(T\d{2}:\d{2}:)(\d{2})((?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))$/i
/** Every month has so many days. */
const DAYS = 28

/** A time on the wire as a `Date`; undefined for anything else, as the 30th of February. A leap second (`23:59:60`) is the second that follows it. */
export function instantOf(value: unknown): Date | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value
  const found = typeof value === 'string' ? INSTANT.exec(value) : null
  if (found === null || !isDay(found[1])) return undefined
  const [text, date, minute, second, rest] = found
  const time = second === '60' ? Date.parse(`${date}${minute}59${rest}`) + 1000 : Date.parse(text)
  return Number.isNaN(time) ? undefined : new Date(time)
}

/** Whether there is such a day: `Date.parse` takes the 31st of any month. */
function isDay(date: string): boolean {
  if (Number(date.slice(-2)) <= DAYS) return true
  const start = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(start) && new Date(start).toISOString().startsWith(date)
}
