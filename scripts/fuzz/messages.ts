import type { WireMessage } from '@boostercloud/streamer-connector'
import type { Random } from './random'

const NASTY_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'entityID',
  '',
  'a\u0000b',
  'data',
]
const NUMBERS = [
  '0',
  '-0',
  '1e400',
  '-1e400',
  '12345678901234567890',
  '-9007199254740993',
  '99999999999999.99',
  '0.12345678901234567890',
  '1152921504606846976e-3',
  '1e-999',
  '0.1',
  '01',
  '1.',
  '+1',
  'NaN',
  'Infinity',
  '0x10',
]
const CONTENT_TYPES = [
  undefined,
  undefined,
  'application/json',
  'application/json; charset=latin1',
  'application/vnd.acme+json',
  'application/cloudevents+json',
  'application/cloudevents+json; charset=utf-8',
  'application/cloudevents-batch+json',
  'text/plain',
  'application/octet-stream',
  '',
  'json',
  '\u0000',
]
const VERSIONS = ['1', '0', '-1', '1.5', '1e3', 'NaN', '', ' 1', '99999999999999999999', '0x1']
const ATTRIBUTES = [
  'id',
  'source',
  'type',
  'subject',
  'time',
  'schemaversion',
  'partitionkey',
  'traceparent',
  'specversion',
]

/** One message that a broker might hand over and that nobody meant. */
export function message(random: Random): WireMessage {
  return {
    body: body(random),
    contentType: random.chance(0.05) ? random.text(random.below(2_000)) : random.of(CONTENT_TYPES),
    attributes: names(random, [...ATTRIBUTES, ...NASTY_NAMES]),
    headers: names(random, NASTY_NAMES),
    key: random.chance(0.4) ? undefined : shortOrLong(random),
  }
}

/** Something in the place of an address or of a position. */
export function word(random: Random): string {
  const parts = [
    'main',
    '/',
    'posts',
    ' ',
    '\n',
    '0123456789abcdef',
    ':',
    '0',
    '99999999999999999999',
    '..',
    random.text(3),
  ]
  return Array.from({ length: random.below(6) }, () => random.of(parts)).join('')
}

function body(random: Random): Uint8Array {
  if (random.chance(0.1)) return random.bytes(random.below(200))
  if (random.chance(0.004)) return Buffer.from(nested(random, random.of([501, 5_000, 100_000])))
  const text = random.chance(0.3) ? structured(random) : json(random, 4)
  return random.chance(0.5) ? damaged(Buffer.from(text, 'utf8'), random) : Buffer.from(text, 'utf8')
}

/** JSON text, or nearly. */
function json(random: Random, depth: number): string {
  const kind = depth === 0 ? random.below(4) : random.below(7)
  if (kind === 0) return random.of(NUMBERS)
  if (kind === 1) return JSON.stringify(random.text(random.below(20)))
  if (kind === 2) return random.of(['true', 'false', 'null', 'undefined', ''])
  if (kind === 3) return `"\\u${random.text(4)}"`
  const members = Array.from({ length: random.below(5) }, () => json(random, depth - 1))
  if (kind === 4) return `[${members.join(',')}]`
  return `{${members.map((value) => `${JSON.stringify(name(random))}:${value}`).join(',')}}`
}

/** A CloudEvent in structured mode, with anything in any place. */
function structured(random: Random): string {
  const members = [...ATTRIBUTES, 'data', 'data_base64', 'datacontenttype'].filter(() => random.chance(0.5))
  const value = (member: string): string => {
    if (random.chance(0.3)) return json(random, 2)
    if (member === 'data_base64')
      return JSON.stringify(Buffer.from(json(random, 2)).toString('base64') + random.of(['', '=', '*']))
    if (member === 'schemaversion') return JSON.stringify(random.of(VERSIONS))
    if (member === 'datacontenttype') return JSON.stringify(random.of(CONTENT_TYPES) ?? null)
    return JSON.stringify(random.text(5))
  }
  return `{${members.map((member) => `"${member}":${value(member)}`).join(',')}}`
}

function nested(random: Random, levels: number): string {
  const [open, close] = random.of([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"data":', '}]'],
  ])
  return open.repeat(levels) + '1' + (random.chance(0.8) ? close.repeat(levels) : '')
}

function damaged(bytes: Buffer, random: Random): Buffer {
  const cut = random.chance(0.3) ? bytes.subarray(0, random.below(bytes.length + 1)) : Buffer.from(bytes)
  for (let changes = random.below(4); changes > 0 && cut.length > 0; changes -= 1)
    cut[random.below(cut.length)] = random.below(256)
  return cut
}

function names(random: Random, known: readonly string[]): Record<string, string> {
  const entries = Array.from({ length: random.below(6) }, () => {
    const key = random.chance(0.8) ? random.of(known) : random.text(4)
    return [key, key === 'schemaversion' ? random.of(VERSIONS) : shortOrLong(random)] as const
  })
  return Object.fromEntries(entries)
}

const name = (random: Random): string => (random.chance(0.3) ? random.of(NASTY_NAMES) : random.text(3))

const shortOrLong = (random: Random): string =>
  random.chance(0.01) ? 'x'.repeat(10_000) : random.text(random.below(12))
