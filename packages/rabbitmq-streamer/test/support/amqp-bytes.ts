/** What AMQP 0-9-1 has on the wire, written by its specification and RabbitMQ's errata: beside amqplib, which is not asked. */

/** A value of a field table: its letter, and its bytes. */
export type Value = Buffer

/** A field of a table. */
export type Field = readonly [name: string | Buffer, value: Value]

const tagged = (letter: string, bytes: Buffer): Value => Buffer.concat([Buffer.from(letter, 'latin1'), bytes])

/** So many bytes, filled by one of Buffer's methods. */
function filled(size: number, fill: (bytes: Buffer) => unknown): Buffer {
  const bytes = Buffer.alloc(size)
  fill(bytes)
  return bytes
}

export function short(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text as string)
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}

function long(bytes: Buffer): Buffer {
  return Buffer.concat([filled(4, (length) => length.writeUInt32BE(bytes.length)), bytes])
}

/** Values by their letters. */
export const of = {
  S: (text: string | Buffer): Value => tagged('S', long(Buffer.from(text as string))),
  x: (bytes: Buffer): Value => tagged('x', long(bytes)),
  t: (flag: boolean): Value => tagged('t', Buffer.of(flag ? 1 : 0)),
  b: (n: number): Value =>
    tagged(
      'b',
      filled(1, (bytes) => bytes.writeInt8(n))
    ),
  B: (n: number): Value => tagged('B', Buffer.of(n)),
  s: (n: number): Value =>
    tagged(
      's',
      filled(2, (bytes) => bytes.writeInt16BE(n))
    ),
  U: (n: number): Value =>
    tagged(
      'U',
      filled(2, (bytes) => bytes.writeInt16BE(n))
    ),
  u: (n: number): Value =>
    tagged(
      'u',
      filled(2, (bytes) => bytes.writeUInt16BE(n))
    ),
  I: (n: number): Value =>
    tagged(
      'I',
      filled(4, (bytes) => bytes.writeInt32BE(n))
    ),
  i: (n: number): Value =>
    tagged(
      'i',
      filled(4, (bytes) => bytes.writeUInt32BE(n))
    ),
  l: (n: bigint): Value =>
    tagged(
      'l',
      filled(8, (bytes) => bytes.writeBigInt64BE(n))
    ),
  L: (n: bigint): Value =>
    tagged(
      'L',
      filled(8, (bytes) => bytes.writeBigInt64BE(n))
    ),
  f: (n: number): Value =>
    tagged(
      'f',
      filled(4, (bytes) => bytes.writeFloatBE(n))
    ),
  d: (n: number): Value =>
    tagged(
      'd',
      filled(8, (bytes) => bytes.writeDoubleBE(n))
    ),
  D: (scale: number, digits: number): Value =>
    tagged('D', Buffer.concat([Buffer.of(scale), filled(4, (bytes) => bytes.writeInt32BE(digits))])),
  T: (seconds: bigint): Value =>
    tagged(
      'T',
      filled(8, (bytes) => bytes.writeBigUInt64BE(seconds))
    ),
  V: (): Value => Buffer.from('V'),
  A: (...members: readonly Value[]): Value => tagged('A', long(Buffer.concat(members))),
  F: (...fields: readonly Field[]): Value => tagged('F', table(...fields)),
} as const

/** A field table: its length, then names and values. */
export function table(...fields: readonly Field[]): Buffer {
  return long(Buffer.concat(fields.flatMap(([name, value]) => [short(name), value])))
}

/** Lists in lists. Not by recursion, and without copying each level again. */
export function nestedLists(levels: number): Value {
  const bytes = Buffer.alloc(5 * levels)
  for (let level = 0; level < levels; level += 1) {
    bytes.write('A', 5 * level, 'latin1')
    bytes.writeUInt32BE(5 * (levels - level - 1), 5 * level + 1)
  }
  return bytes
}

/** Properties of a message, by their flags: so many bits from the highest down, of which these are there. */
export type Properties = readonly (readonly [flag: number, bytes: Buffer])[]

/** Flags of properties (AMQP 0-9-1 §1.8.1). */
export const FLAG = {
  contentType: 0x8000,
  contentEncoding: 0x4000,
  headers: 0x2000,
  correlationId: 0x0400,
  messageId: 0x0080,
  timestamp: 0x0040,
  type: 0x0020,
  appId: 0x0008,
} as const

/** The payload of a content header frame. */
export function contentHeader(bodySize: number, properties: Properties): Buffer {
  const flags = properties.reduce((all, [flag]) => all | flag, 0)
  const sorted = [...properties].sort(([a], [b]) => b - a)
  return Buffer.concat([
    filled(4, (bytes) => bytes.writeUInt16BE(60)),
    filled(8, (bytes) => bytes.writeBigUInt64BE(BigInt(bodySize))),
    filled(2, (bytes) => bytes.writeUInt16BE(flags)),
    ...sorted.map(([, bytes]) => bytes),
  ])
}

/** Where a message goes; without an exchange, to the queue that the routing key names. */
export interface Target {
  readonly exchange?: string
  readonly routingKey: string
}

/** A message as three frames of a channel. */
export function publishFrames(
  channel: number,
  { exchange = '', routingKey }: Target,
  body: Buffer,
  properties: Properties
): Buffer {
  const method = Buffer.concat([Buffer.of(0, 60, 0, 40, 0, 0), short(exchange), short(routingKey), Buffer.of(0)])
  const frame = (type: number, payload: Buffer): Buffer =>
    Buffer.concat([Buffer.of(type), filled(2, (bytes) => bytes.writeUInt16BE(channel)), long(payload), Buffer.of(0xce)])
  const content = body.length === 0 ? [] : [frame(3, body)]
  return Buffer.concat([frame(1, method), frame(2, contentHeader(body.length, properties)), ...content])
}
