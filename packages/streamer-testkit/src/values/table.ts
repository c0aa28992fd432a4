import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { RawHeader, RawRecord } from '../hostile/raw-record'

/**
 * A value that an event of ours has in a field.
 * @experimental
 */
export interface OwnValue {
  /** What it is, in TypeScript. */
  readonly name: string
  /** Made anew each time. */
  readonly value: () => unknown
  /** What a field without a class arrives as; the value itself where it is left out. */
  readonly arrives?: unknown
}

/**
 * A record of another producer's, and the one thing that it may arrive as.
 * @experimental
 */
export interface ForeignValue {
  readonly name: string
  /** No other record has the same body. */
  readonly record: RawRecord
  /** The payload; absent where the record makes a dead letter, which names `because`. */
  readonly arrives?: { readonly payload: unknown; readonly time?: string }
  /** A part of what the dead letter says. */
  readonly because?: string
}

/**
 * Values that JSON has, or that have a form there.
 * @experimental
 */
export const OWN_VALUES: readonly OwnValue[] = [
  { name: '0.1', value: () => 0.1 },
  { name: '-1.5e-7', value: () => -1.5e-7 },
  { name: '1.7976931348623157e308', value: () => Number.MAX_VALUE },
  { name: '5e-324', value: () => Number.MIN_VALUE },
  { name: '2 ** 53', value: () => 2 ** 53, arrives: 2 ** 53 },
  { name: '9007199254740993n (2^53 + 1)', value: () => 9007199254740993n },
  { name: '9223372036854775807n (the largest int64)', value: () => 9223372036854775807n },
  { name: '-9223372036854775808n (the smallest int64)', value: () => -9223372036854775808n },
  { name: '18446744073709551615n (the largest uint64)', value: () => 18446744073709551615n },
  { name: '7n', value: () => 7n, arrives: 7 },
  { name: '-0', value: () => -0, arrives: 0 },
  { name: "''", value: () => '' },
  { name: "'żółć 日本 👍'", value: () => 'żółć 日本 👍' },
  { name: "'\\u0000\\u001f\\u2028'", value: () => '\u0000\u001f\u2028' },
  { name: "'\\ufffd', as it was written", value: () => '\ufffd' },
  { name: 'null', value: () => null },
  { name: '[[], {}, [null]]', value: () => [[], {}, [null]] },
  { name: 'undefined, in a field', value: () => ({ a: undefined, b: 1 }), arrives: { b: 1 } },
  { name: 'new Date(0)', value: () => new Date(0), arrives: '1970-01-01T00:00:00.000Z' },
  {
    name: "new Date('9999-12-31T23:59:59.999Z')",
    value: () => new Date('9999-12-31T23:59:59.999Z'),
    arrives: '9999-12-31T23:59:59.999Z',
  },
  { name: "Buffer.from('a')", value: () => Buffer.from('a'), arrives: { type: 'Buffer', data: [97] } },
  { name: "new URL('http://a/')", value: () => new URL('http://a/'), arrives: 'http://a/' },
]

/**
 * Values that an event is refused for.
 * @experimental
 */
export const REFUSED_VALUES: readonly OwnValue[] = [
  { name: 'NaN', value: () => NaN },
  { name: 'Infinity', value: () => Infinity },
  { name: 'new Map()', value: () => new Map([['a', 1]]) },
  { name: 'new Set()', value: () => new Set([1]) },
  { name: 'a function', value: () => () => 1 },
  { name: "Symbol('a')", value: () => Symbol('a') },
  { name: '[undefined]', value: () => [undefined] },
  { name: 'new Date(NaN)', value: () => new Date(NaN) },
  { name: '/a/', value: () => /a/ },
  { name: 'Uint8Array.of(1)', value: () => Uint8Array.of(1) },
  { name: 'an object that contains itself', value: circle },
  { name: "'\\ud800', half of a pair of UTF-16", value: () => '\ud800' },
]

function circle(): object {
  const around: Record<string, unknown> = {}
  return Object.assign(around, { around })
}

const JSON_TYPE = 'application/json'
/** The content type of a CloudEvent that is one JSON document. */
export const STRUCTURED = 'application/cloudevents+json'
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')
const hex = (digits: string): Buffer => Buffer.from(digits, 'hex')
const base64 = (text: string): string => bytes(text).toString('base64')

type Parts = Partial<Omit<RawRecord, 'attributes'>> & { readonly attributes?: Readonly<Record<string, string>> }

function record(body: Uint8Array, { attributes = {}, ...parts }: Parts): RawRecord {
  const all = Object.entries(attributes).map(([name, value]): RawHeader => [name, bytes(value)])
  return { headers: [], ...parts, body, attributes: all }
}

function arrives(
  name: string,
  body: Uint8Array,
  parts: Parts,
  payload: unknown,
  more: Omit<NonNullable<ForeignValue['arrives']>, 'payload'> = {}
): ForeignValue {
  return { name, record: record(body, parts), arrives: { payload, ...more } }
}

function refused(name: string, body: Uint8Array, parts: Parts, because: string): ForeignValue {
  return { name, record: record(body, parts), because }
}

/** The same value in JSON of others. */
const json = (text: string, payload: unknown): ForeignValue =>
  arrives(`JSON ${text}`, bytes(text), { contentType: JSON_TYPE }, payload)

const inText = (charset: string, digits: string, text: string): ForeignValue =>
  arrives(`text in ${charset}: ${digits}`, hex(digits), { contentType: `text/plain; charset=${charset}` }, text)

const ce = (version: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  specversion: version,
  id: 'value',
  source: '/values',
  type: 'Value',
  ...more,
})

const structured = (members: object): Buffer => bytes(JSON.stringify({ ...ce('1.0'), ...members }))

const atTime = (time: string): ForeignValue =>
  arrives(
    `CloudEvents time ${time}`,
    bytes(JSON.stringify({ at: time })),
    { contentType: JSON_TYPE, attributes: ce('1.0', { time }) },
    { at: time },
    { time }
  )

/**
 * What producers of any language write, and what it is.
 * @experimental
 */
export const FOREIGN_VALUES: readonly ForeignValue[] = [
  json('9007199254740993', 9007199254740993n),
  json('-9223372036854775808', -9223372036854775808n),
  json('0.30000000000000004', 0.30000000000000004),
  json('1.10', 1.1),
  json('1e3', 1000),
  refused('JSON 1e400', bytes('[1e400]'), { contentType: JSON_TYPE }, 'too large'),
  refused(
    'JSON with more digits than a double has',
    bytes('0.123456789012345678901'),
    { contentType: JSON_TYPE },
    'more digits'
  ),
  json('"\\u0000\\u00e9 é"', '\u0000é é'),
  arrives('JSON behind a byte order mark', hex('efbbbf5b315d'), { contentType: JSON_TYPE }, [1]),
  arrives(
    'JSON in ISO-8859-1',
    Buffer.from('["\u00e9"]', 'latin1'),
    { contentType: 'application/json; charset=iso-8859-1' },
    ['é']
  ),
  arrives('JSON of a media type with +json', bytes('{"hal":1}'), { contentType: 'application/hal+json' }, { hal: 1 }),
  refused('JSON that is not UTF-8', hex('22ff22'), { contentType: JSON_TYPE }, 'not UTF-8'),
  inText('utf-8', 'c5bcc3b3c582', 'żół'),
  inText('iso-8859-1', '636166e9', 'café'),
  inText('windows-1252', '8035', '€5'),
  inText('iso-8859-15', 'a435', '€5'),
  inText('utf-16be', '00630062', 'cb'),
  inText('shift_jis', '93fa967b', '日本'),
  inText('koi8-r', 'cbcfd4', 'кот'),
  refused('text that is not UTF-8', hex('61ff62'), { contentType: 'text/plain' }, 'not UTF-8'),
  refused(
    'text in a charset that there is not',
    bytes('x-none'),
    { contentType: 'text/plain; charset=x-none' },
    "'x-none'"
  ),
  arrives('bytes', hex('00ff80'), { contentType: 'application/octet-stream' }, hex('00ff80')),
  arrives('gzip', gzipSync('["gzip"]'), { contentType: JSON_TYPE, contentEncoding: 'gzip' }, ['gzip']),
  arrives('deflate', deflateSync('["deflate"]'), { contentType: JSON_TYPE, contentEncoding: 'deflate' }, ['deflate']),
  arrives('br', brotliCompressSync('["br"]'), { contentType: JSON_TYPE, contentEncoding: 'br' }, ['br']),
  arrives(
    'a content encoding that is a charset',
    bytes('["utf-8"]'),
    { contentType: JSON_TYPE, contentEncoding: 'utf-8' },
    ['utf-8']
  ),
  refused('zstd', bytes('["zstd"]'), { contentType: JSON_TYPE, contentEncoding: 'zstd' }, "'zstd'"),
  refused('gzip that is none', bytes('["no gzip"]'), { contentType: JSON_TYPE, contentEncoding: 'gzip' }, 'gzip'),
  arrives('CloudEvents 1.0, binary', bytes('["1.0"]'), { contentType: JSON_TYPE, attributes: ce('1.0') }, ['1.0']),
  arrives('CloudEvents 0.3, binary', bytes('["0.3"]'), { contentType: JSON_TYPE, attributes: ce('0.3') }, ['0.3']),
  arrives(
    'CloudEvents 0.3, binary, Base64',
    bytes(base64('["0.3 in Base64"]')),
    { contentType: JSON_TYPE, attributes: ce('0.3', { datacontentencoding: 'base64' }) },
    ['0.3 in Base64']
  ),
  arrives(
    'CloudEvents 1.0, binary, text',
    bytes('1.0 text'),
    { contentType: 'text/plain', attributes: ce('1.0') },
    '1.0 text'
  ),
  arrives('CloudEvents 1.0, structured', structured({ data: ['structured'] }), { contentType: STRUCTURED }, [
    'structured',
  ]),
  arrives(
    'CloudEvents 1.0, structured, 2^53 + 1',
    bytes('{"specversion":"1.0","id":"1","source":"/s","type":"T","data":9007199254740993}'),
    { contentType: STRUCTURED },
    9007199254740993n
  ),
  arrives(
    'CloudEvents 1.0, structured, data_base64',
    structured({ datacontenttype: JSON_TYPE, data_base64: base64('["base64"]') }),
    { contentType: STRUCTURED },
    ['base64']
  ),
  arrives(
    'CloudEvents 1.0, structured, data_base64 of bytes',
    structured({ datacontenttype: 'image/png', data_base64: '/wA=' }),
    { contentType: STRUCTURED },
    hex('ff00')
  ),
  arrives(
    'CloudEvents 0.3, structured',
    structured({ specversion: '0.3', data: ['0.3, structured'] }),
    { contentType: STRUCTURED },
    ['0.3, structured']
  ),
  arrives(
    'CloudEvents 0.3, structured, Base64',
    structured({
      specversion: '0.3',
      datacontenttype: JSON_TYPE,
      datacontentencoding: 'base64',
      data: base64('["0.3"]'),
    }),
    { contentType: STRUCTURED },
    ['0.3']
  ),
  refused(
    'CloudEvents, a batch',
    bytes('[{"specversion":"1.0"}]'),
    { contentType: 'application/cloudevents-batch+json' },
    'batch'
  ),
  atTime('2026-01-02T03:04:05.123456789+05:30'),
  atTime('2016-12-31T23:59:60Z'),
  atTime('9999-12-31T23:59:59Z'),
  atTime('0001-01-01T00:00:00-12:00'),
]
