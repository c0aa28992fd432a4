import { gzipSync } from 'node:zlib'
import { strict as assert } from 'node:assert'
import { JSON_TYPE, NOT_UTF8, STRUCTURED, attributes, bodyOf, bytes, none, odd } from './hostile-record'
import type { HostileRecord } from './hostile-record'
import type { RawHeader } from './raw-record'

/** Names that every object has, so that whoever collects headers in one finds something there already. */
const NAMES = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', 'isPrototypeOf', 'then', '']

function inherited(name: string): HostileRecord {
  const value = 'as it was written'
  return odd(`a header named '${name}'`, { headers: [[name, bytes(value)]] }, ({ metadata }) => {
    const { headers = {} } = metadata ?? {}
    assert.ok(Object.hasOwn(headers, name), 'the header is there')
    assert.equal(headers[name], value, 'the header has its value')
  })
}

const many = (count: number): RawHeader[] => Array.from({ length: count }, (_, n) => [`header-${n}`, bytes(String(n))])

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`

let made: readonly HostileRecord[] | undefined

/** What strangers have been seen to write, and what somebody might who means harm. */
export function hostileRecords(): readonly HostileRecord[] {
  // Some take a while to pack, in which a connection would miss its heartbeats.
  made ??= [...oddHeaders(), ...oddAttributes(), ...oddBodies(), ...oddTypes(), ...oddStructured()]
  return made
}

const oddHeaders = (): HostileRecord[] => [
  ...NAMES.map(inherited),
  odd('all of these headers at once', { headers: NAMES.map((name) => [name, bytes('x')]) }),
  odd('attributes named so', {
    attributes: [...attributes({ id: 'named' }), ...NAMES.map((name): RawHeader => [name, bytes('x')])],
  }),
  odd('a thousand headers', { headers: many(1_000) }),
  odd('a header of 30 KB', { headers: [['large', Buffer.alloc(30_000, 'x')]] }),
  odd('one header twice', {
    headers: [
      ['twice', bytes('a')],
      ['twice', bytes('b')],
    ],
  }),
  odd('a header that is not UTF-8', { headers: [['binary', NOT_UTF8]] }),
  odd('a name of blanks and control characters', { headers: [[' \u0001\t', bytes('x')]] }),
  odd('a key of four bytes, an int32', { key: Buffer.of(0, 0, 0, 0xc8) }),
  odd('a key of sixteen bytes, a UUID', { key: Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex') }),
  odd('an empty key', { key: Buffer.alloc(0) }),
  odd('a key of 10 KB', { key: Buffer.alloc(10_000, 'k') }),
]

const oddAttributes = (): HostileRecord[] => [
  none('ce-id twice, with two values', bodyOf('ce-id twice'), {
    attributes: [...attributes({ id: 'twice-1', type: 'T', source: 's' }), ['id', bytes('twice-2')]],
  }),
  odd('an id that is not UTF-8', { attributes: [...attributes({ type: 'T', source: 's' }), ['id', NOT_UTF8]] }),
  odd('an empty id and source', { attributes: attributes({ id: '', source: '', type: '' }) }),
  odd('a specversion that there is not', { attributes: attributes({ specversion: '99', id: 'specversion' }) }),
  odd('a time that is none', { attributes: attributes({ id: 'time', source: 's', type: 'T', time: 'yesterday' }) }),
  odd('a source with blanks', { attributes: attributes({ id: 'source', source: 'a b\tc', type: 'T' }) }),
  odd('a type of 5 KB', { attributes: attributes({ id: 'type', source: 's', type: 'T'.repeat(5_000) }) }),
  ...['1.2.0', '-1', '', 'NaN', '99999999999999999999'].map((version) =>
    odd(`the schemaversion '${version}'`, {
      attributes: attributes({ id: `version ${version}`, source: 's', type: 'T', schemaversion: version }),
    })
  ),
  odd('a trace context that is none', {
    attributes: attributes({ id: 'trace', source: 's', type: 'T', traceparent: '00-zz', tracestate: ',,,' }),
  }),
]

const oddBodies = (): HostileRecord[] => [
  odd('no body', { body: Buffer.alloc(0) }),
  odd('no body in a CloudEvent', {
    body: Buffer.alloc(0),
    attributes: attributes({ id: 'no body', source: 's', type: 'T' }),
  }),
  ...['null', '7', '"text"', '[]', '-0', '1e400', '9'.repeat(5_000)].map((json) =>
    odd(`the body ${json.slice(0, 8)}`, { body: bytes(json), contentType: JSON_TYPE })
  ),
  none('a body that is not UTF-8', Buffer.concat([bytes('{"a":"'), NOT_UTF8, bytes('"}')]), { contentType: JSON_TYPE }),
  none('a body that ends early', '{"hostile": "ends', { contentType: JSON_TYPE }),
  none('JSON nested 50,000 levels', nested(50_000), { contentType: JSON_TYPE }),
  none('a member __proto__', '{"__proto__":{"polluted":true}}', { contentType: JSON_TYPE }),
  none('a member constructor.prototype', '{"constructor":{"prototype":{"polluted":true}}}', { contentType: JSON_TYPE }),
  none('an escaped member __proto__', '{"\\u005f_proto__":{"polluted":true}}', { contentType: JSON_TYPE }),
]

const oddTypes = (): HostileRecord[] => [
  ...['', ';;;', 'application', 'a/b/c; charset', 'application/json; charset=utf-16', `text/${'x'.repeat(500)}`].map(
    (contentType) => odd(`the content type '${contentType.slice(0, 40)}'`, { contentType })
  ),
  odd('a charset that there is not', { contentType: 'text/plain; charset=x-none' }),
  odd('text in Latin-1', {
    body: Buffer.concat([bytes('caf'), Buffer.of(0xe9)]),
    contentType: 'text/plain; charset=iso-8859-1',
  }),
  odd('text that is not UTF-8', { body: Buffer.concat([bytes('text '), NOT_UTF8]), contentType: 'text/plain' }),
  odd('a content encoding that there is not', { contentType: JSON_TYPE, contentEncoding: 'x-none' }),
  none('gzip that is none', Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 0), NOT_UTF8]), {
    contentType: JSON_TYPE,
    contentEncoding: 'gzip',
  }),
  odd('gzip that unpacks to 100 MB', {
    body: gzipSync(Buffer.alloc(100_000_000, ' ')),
    contentType: JSON_TYPE,
    contentEncoding: 'gzip',
  }),
]

const oddStructured = (): HostileRecord[] => [
  none('a structured event that is no JSON', '{"specversion":"1.0","id":', { contentType: STRUCTURED }),
  none('a structured event that is a list', '[{"specversion":"1.0"}]', { contentType: STRUCTURED }),
  none('a structured event with broken Base64', '{"specversion":"1.0","id":"b","data_base64":"*"}', {
    contentType: STRUCTURED,
  }),
  none('a structured event with a member __proto__', '{"specversion":"1.0","__proto__":{"id":"x"}}', {
    contentType: STRUCTURED,
  }),
  none('a structured event in another format', '<event/>', { contentType: 'application/cloudevents+xml' }),
  none('a batch of events in one record', '[{}]', { contentType: 'application/cloudevents-batch+json' }),
  odd('a structured event whose members are of other types', {
    body: bytes('{"specversion":1,"id":{},"source":[],"type":null,"data":{"hostile":"types"}}'),
    contentType: STRUCTURED,
  }),
]
