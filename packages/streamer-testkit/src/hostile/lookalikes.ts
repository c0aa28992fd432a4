import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { JSON_TYPE, STRUCTURED, attributes, bodyOf, bytes, none, odd } from './hostile-record'
import type { HostileRecord } from './hostile-record'
import type { RawHeader } from './raw-record'

const QUICKLY = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }
const headed = (name: string, headers: readonly RawHeader[]): HostileRecord => odd(name, { headers })
const called = (name: string, own: Readonly<Record<string, string>>): HostileRecord =>
  odd(name, { attributes: attributes({ id: name, source: 's', type: 'T', ...own }) })
const structured = (name: string, members: string): HostileRecord =>
  odd(name, {
    body: bytes(`{"specversion":"1.0","id":"${name}","source":"s","type":"T",${members}}`),
    contentType: STRUCTURED,
  })
const packed = (name: string, contentEncoding: string, body: Uint8Array): HostileRecord =>
  odd(name, { body, contentType: JSON_TYPE, contentEncoding })

/** What looks like something that brokers, bindings or codecs read, and is something else. */
export function lookalikes(): readonly HostileRecord[] {
  return [...names(), ...values(), ...documents(), ...packings(), ...envelopes()]
}

const names = (): HostileRecord[] => [
  ...['__defineGetter__', 'prototype', 'constructor.prototype', '0', 'length', 'raw', 'undecodable', 'eventId'].map(
    (name) => headed(`a header named '${name}'`, [[name, bytes('x')]])
  ),
  ...[
    'ce_',
    'ce-',
    'ce_ID',
    'CE_id',
    'cloudEvents:',
    'cloudEvents_id',
    'ce_data',
    'ce_data_base64',
    'ce___proto__',
  ].map((name) => headed(`a header named '${name}'`, [[name, bytes('x')]])),
  ...['x-death', 'x-delivery-count', 'x-match', 'Nats-Sequence', 'kafka_dlt-original-offset'].map((name) =>
    headed(`a header of a broker, '${name}'`, [[name, bytes('-1')]])
  ),
  headed('a header named in other letters', [['naïve ключ 😀', bytes('x')]]),
  headed('a name of 20 KB', [['n'.repeat(20_000), bytes('x')]]),
  headed('a header without a value', [['empty', new Uint8Array()]]),
  headed('two headers that differ in case', [
    ['Tenant', bytes('a')],
    ['tenant', bytes('b')],
  ]),
  headed('content types as headers too', [
    ['Content-Type', bytes('text/plain')],
    ['contentType', bytes('x')],
  ]),
]

const values = (): HostileRecord[] => [
  ...['0000-00-00T00:00:00Z', '+99999-01-01T00:00:00Z', '2026-01-01', '1', '2026-02-30T25:61:61Z'].map((time) =>
    called(`the time '${time}'`, { time })
  ),
  ...['1e3', '0x10', ' 1', '１', '1.0', '+1', '9007199254740993'].map((schemaversion) =>
    called(`a schemaversion '${schemaversion}' among others`, { schemaversion })
  ),
  ...['http://[', ':', '%', '//', '#'].map((source) => called(`the source '${source}'`, { source })),
  called('a partition key of nothing', { partitionkey: '' }),
  called('a partition key of 20 KB', { partitionkey: 'k'.repeat(20_000) }),
  called('a subject with a zero', { subject: 'a\u0000b' }),
  called('attributes of other letters', { Ünïcode: 'x', 'with-dash': 'x', UPPER: 'x' }),
  called('a trace context in capitals', { traceparent: `00-${'A'.repeat(32)}-${'B'.repeat(16)}-01` }),
  called('a trace context of zeros', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`, tracestate: '=' }),
]

const documents = (): HostileRecord[] => [
  ...[
    '{"entityID":"not a function","hostile":1}',
    '{"then":{},"toJSON":"x","valueOf":1,"hostile":2}',
    '{"a":1,"a":2,"hostile":3}',
    '{"a":"\\ud800","hostile":4}',
    '{"a":"\\u0000","hostile":5}',
    '{"":0,"hostile":6}',
    '\ufeff{"hostile":7}',
    '{"hostile":8} ',
    '{"hasOwnProperty":1,"constructor":2,"hostile":9}',
  ].map((json) => odd(`the document ${JSON.stringify(json)}`, { body: bytes(json), contentType: JSON_TYPE })),
  odd('a document of 10,000 members', {
    body: bytes(`{${Array.from({ length: 10_000 }, (_, n) => `"m${n}":0`).join(',')}}`),
    contentType: JSON_TYPE,
  }),
  odd('a text of escapes', { body: bytes(`{"a":"${'\\u0041'.repeat(15_000)}"}`), contentType: JSON_TYPE }),
  none('two documents', '{"hostile":10}{"hostile":11}', { contentType: JSON_TYPE }),
  none('a document with a comment', '{"hostile":12 /* x */}', { contentType: JSON_TYPE }),
  none('a member __proto__ in a list', '[{"a":[{"__proto__":{"polluted":true}}]}]', { contentType: JSON_TYPE }),
]

const packings = (): HostileRecord[] => [
  packed('gzip in gzip', 'gzip, gzip', gzipSync(gzipSync(bodyOf('gzip in gzip')))),
  packed('gzip named in capitals', 'GZIP', gzipSync(bodyOf('gzip named in capitals'))),
  packed('gzip of two members', 'gzip', Buffer.concat([gzipSync('{"hostile":'), gzipSync('13}')])),
  packed('gzip and something behind it', 'gzip', Buffer.concat([gzipSync(bodyOf('behind')), bytes('something')])),
  packed('brotli that unpacks to 100 MB', 'br', brotliCompressSync(Buffer.alloc(100_000_000, ' '), QUICKLY)),
  packed('deflate that ends early', 'deflate', deflateSync(bodyOf('ends early')).subarray(0, 12)),
  packed('packed by nothing', 'identity', bodyOf('packed by nothing')),
  packed('packed by a name that every object has', 'constructor', bodyOf('packed by constructor')),
  odd('a content type that every object has', { contentType: '__proto__', body: bodyOf('__proto__ type') }),
  odd('a charset that every object has', { contentType: 'text/plain; charset=constructor', body: bodyOf('charset') }),
]

const envelopes = (): HostileRecord[] => [
  structured('data in two forms', '"data":{"hostile":14},"data_base64":"e30="'),
  structured('an extension that is an object', '"tenant":{"a":[1]},"data":{"hostile":15}'),
  structured('an extension of 64 bits', '"count":9007199254740993,"data":{"hostile":16}'),
  structured('an extension named as an object’s own', '"constructor":"x","toString":"y","data":{"hostile":17}'),
  structured('data that is no JSON by its type', '"datacontenttype":"application/json","data":"{"'),
  structured('data of another type', '"datacontenttype":"text/xml","data":"<a/>"'),
  structured('a time that is a number', '"time":0,"data":{"hostile":18}'),
  structured('a member twice', '"id":"another","data":{"hostile":19}'),
]
