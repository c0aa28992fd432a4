import type { Cursor } from './cursor'

/** A value of a field table that has no members: how it is read, and how JSON has it. */
export interface Scalar {
  /** The value as text, exactly. */
  read(cursor: Cursor): string
  /** That text as a value of JSON. */
  inJson(text: string): string
}

/** What begins with this letter in a field table. */
export const TAG = { table: letter('F'), list: letter('A') } as const

const asItIs = (text: string): string => text
const quoted = (text: string): string => JSON.stringify(text)

/** The last second that RFC 3339 has a form for: 9999-12-31T23:59:59Z. */
const LAST_SECOND = 253_402_300_799n

/**
 * The types of values by their letters, as RabbitMQ and its clients write them, which is not what AMQP 0-9-1 §4.2.1 says:
 * https://www.rabbitmq.com/amqp-0-9-1-errata.html, section 3. `U` and `L` are the specification's own, which no other type uses.
 */
export const SCALARS: ReadonlyMap<number, Scalar> = new Map<number, Scalar>([
  [letter('S'), { read: (cursor) => cursor.longText(), inJson: quoted }],
  [letter('x'), { read: (cursor) => cursor.longText(), inJson: quoted }],
  [letter('T'), { read: (cursor) => timeOf(cursor.bytes.readBigUInt64BE(cursor.pass(8))), inJson: quoted }],
  [letter('t'), { read: (cursor) => String(cursor.octet() !== 0), inJson: asItIs }],
  [letter('V'), { read: () => 'null', inJson: asItIs }],
  [letter('b'), whole((cursor) => cursor.bytes.readInt8(cursor.pass(1)))],
  [letter('B'), whole((cursor) => cursor.octet())],
  [letter('s'), whole((cursor) => cursor.bytes.readInt16BE(cursor.pass(2)))],
  [letter('U'), whole((cursor) => cursor.bytes.readInt16BE(cursor.pass(2)))],
  [letter('u'), whole((cursor) => cursor.bytes.readUInt16BE(cursor.pass(2)))],
  [letter('I'), whole((cursor) => cursor.bytes.readInt32BE(cursor.pass(4)))],
  [letter('i'), whole((cursor) => cursor.uint32())],
  [letter('l'), whole((cursor) => cursor.bytes.readBigInt64BE(cursor.pass(8)))],
  [letter('L'), whole((cursor) => cursor.bytes.readBigInt64BE(cursor.pass(8)))],
  [letter('f'), floating((cursor) => cursor.bytes.readFloatBE(cursor.pass(4)))],
  [letter('d'), floating((cursor) => cursor.bytes.readDoubleBE(cursor.pass(8)))],
  [letter('D'), { read: decimal, inJson: asItIs }],
])

function letter(character: string): number {
  return character.charCodeAt(0)
}

function whole(read: (cursor: Cursor) => number | bigint): Scalar {
  return { read: (cursor) => String(read(cursor)), inJson: asItIs }
}

/** The shortest text that is read as the same number; `NaN`, `Infinity` and `-Infinity`, which JSON has as texts only. */
function floating(read: (cursor: Cursor) => number): Scalar {
  const text = (number: number): string => (Object.is(number, -0) ? '-0' : String(number))
  return { read: (cursor) => text(read(cursor)), inJson: (number) => (/\d/.test(number) ? number : quoted(number)) }
}

/** A scale, then digits; these are signed, as all clients write them. `1.50` keeps its zero. */
function decimal(cursor: Cursor): string {
  const scale = cursor.octet()
  const digits = cursor.bytes.readInt32BE(cursor.pass(4))
  const text = String(Math.abs(digits)).padStart(scale + 1, '0')
  const at = text.length - scale
  return (digits < 0 ? '-' : '') + text.slice(0, at) + (scale === 0 ? '' : `.${text.slice(at)}`)
}

/** Seconds since 1970 by RFC 3339, in UTC; in digits where that has no form for them. */
export function timeOf(seconds: bigint): string {
  return seconds > LAST_SECOND ? String(seconds) : new Date(Number(seconds) * 1000).toISOString()
}
