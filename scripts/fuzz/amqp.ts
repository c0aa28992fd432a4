import { strict as assert } from 'node:assert'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { readContentHeader } from '../../packages/rabbitmq-streamer/src/wire/content-header'
import { MOST } from '../../packages/rabbitmq-streamer/src/wire/field-table'
import type { FieldTable } from '../../packages/rabbitmq-streamer/src/wire/field-table'
import type { Random } from './random'

const BASIC = 60
/** By the letters of AMQP 0-9-1 and RabbitMQ: how many bytes a value has, where it has no length of its own. */
const SIZES: Readonly<Record<string, number>> = {
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  U: 2,
  u: 2,
  I: 4,
  i: 4,
  l: 8,
  L: 8,
  f: 4,
  d: 8,
  D: 5,
  T: 8,
  V: 0,
}
const LETTERS = [...Object.keys(SIZES), 'S', 'x', 'A', 'F', '?', '\0']
const NAMES = ['__proto__', 'constructor', '', 'cloudEvents:id', 'ce-id', 'a\0b']

/** A content header of AMQP: properties that are texts or numbers, and headers that are read, or an error of this message. */
export function asContentHeader(random: Random): 'read' | 'refused' | 'left' {
  const payload = contentHeader(random)
  const header = readContentHeader(payload)
  if (header === undefined) {
    assert.ok(payload.length < 14 || payload.readUInt16BE(0) !== BASIC, 'only another frame is left to amqplib')
    return 'left'
  }
  const headers = header.fields.headers as FieldTable
  assert.ok(headers.fields.length <= MOST.values, 'the headers are bounded')
  for (const field of headers.fields)
    assert.ok(field.length === 2 && field.every((text) => typeof text === 'string'), 'a header is two texts')
  if (headers.error === undefined) return 'read'
  assert.ok(isStreamerError(headers.error, 'EVENT_UNDECODABLE'), 'what cannot be read says so')
  return 'refused'
}

function contentHeader(random: Random): Buffer {
  const bytes: Buffer[] = [Buffer.alloc(14, random.chance(0.1) ? 0xff : 0)]
  bytes[0].writeUInt16BE(random.chance(0.98) ? BASIC : random.below(65_536))
  // Headers alone, or any properties, in the bytes of headers.
  bytes[0].writeUInt16BE(random.chance(0.8) ? 0x2000 : random.below(65_536), 12)
  bytes.push(random.chance(0.9) ? table(random) : Buffer.from(random.bytes(random.below(200))))
  const whole = Buffer.concat(bytes)
  if (random.chance(0.6)) return whole
  return damaged(whole, random)
}

function damaged(whole: Buffer, random: Random): Buffer {
  const bytes = random.chance(0.3) ? whole.subarray(0, random.below(whole.length + 1)) : whole
  for (let changes = random.below(4); changes > 0 && bytes.length > 14; changes -= 1)
    bytes[14 + random.below(bytes.length - 14)] = random.below(256)
  return bytes
}

function table(random: Random): Buffer {
  if (random.chance(0.002)) return long(Buffer.concat([short('deep'), nested(random.of([99, 101, 20_000]))]))
  return long(fields(random, 3))
}

function fields(random: Random, depth: number): Buffer {
  const members = Array.from({ length: random.below(5) }, () => [name(random), value(random, depth)])
  return Buffer.concat(members.flat())
}

function value(random: Random, depth: number): Buffer {
  const letter = random.of(LETTERS)
  return Buffer.concat([Buffer.from(letter, 'latin1'), content(random, letter, depth)])
}

function content(random: Random, letter: string, depth: number): Buffer {
  if (letter in SIZES) return Buffer.from(random.bytes(SIZES[letter]))
  if (letter === 'A' && depth > 0)
    return long(Buffer.concat(Array.from({ length: random.below(5) }, () => value(random, depth - 1))))
  if (letter === 'F' && depth > 0) return long(fields(random, depth - 1))
  return long(Buffer.from(random.chance(0.5) ? random.bytes(random.below(12)) : random.text(random.below(12))))
}

/** Lists in lists. */
function nested(levels: number): Buffer {
  const bytes = Buffer.alloc(5 * levels)
  for (let level = 0; level < levels; level += 1) {
    bytes.write('A', 5 * level, 'latin1')
    bytes.writeUInt32BE(5 * (levels - level - 1), 5 * level + 1)
  }
  return bytes
}

const name = (random: Random): Buffer => short(random.chance(0.5) ? random.of(NAMES) : random.text(random.below(20)))

function short(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}

function long(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
