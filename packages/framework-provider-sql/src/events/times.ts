const MICROS = 1_000

/** Microseconds since 1970 as a time with six digits after the second: two events of one entity never share one. */
export function timeOf(micros: number): string {
  const upToMillis = new Date(Math.floor(micros / MICROS)).toISOString().slice(0, -1)
  return `${upToMillis}${String(micros % MICROS).padStart(3, '0')}Z`
}

/**
 * A time as microseconds since 1970. `end`: of a time that is told in milliseconds or less finely, the last microsecond that it can mean.
 * Throws a TypeError for what is no time.
 */
export function microsOf(time: string, end = false): number {
  const millis = Date.parse(time)
  if (Number.isNaN(millis)) throw new TypeError(`'${time}' is not a time. Write it like 2026-01-31T12:00:00.000Z.`)
  const finer = /\.\d{3}(\d{1,3})/.exec(time)?.[1]
  if (finer === undefined) return millis * MICROS + (end ? MICROS - 1 : 0)
  return millis * MICROS + Number(finer.padEnd(3, end ? '9' : '0'))
}
