import { expect } from 'chai'
import { avro } from '../src'
import type { AvroOptions } from '../src'
import { failureOf } from './support/messages'

const URL = 'http://127.0.0.1:1/apis/ccompat/v7'
const SCHEMA = { type: 'record', name: 'A', fields: [] }

describe('the options of avro', () => {
  for (const options of [
    { registry: URL },
    { registry: 'https://registry.acme.com/' },
    { registry: { url: URL, auth: { token: 'abc' }, timeoutMs: 1 } },
    { registry: URL, schemas: { A: SCHEMA }, autoRegister: true, compatibility: 'FULL', subjectStrategy: 'record' },
    { registry: URL, readerSchema: [SCHEMA, JSON.stringify({ ...SCHEMA, name: 'B' })], latestMs: 0 },
  ] as const) {
    it(`may be ${JSON.stringify(options)}`, () => {
      expect(avro(options).name).to.equal('avro')
    })
  }

  for (const [at, options] of [
    ['registry', {}],
    ['registry.url', { registry: 'registry' }],
    ['registry.url', { registry: 'ftp://registry' }],
    ['registry.url', { registry: 'http://ann:secret@registry' }],
    ['registry.url', { registry: 'http://registry/?a=b' }],
    ['registry.auth', { registry: { url: URL, auth: {} } }],
    ['registry.auth', { registry: { url: URL, auth: { username: 'ann' } } }],
    ['registry.auth', { registry: { url: URL, auth: { token: 'a\r\nb: c' } } }],
    ['registry.tls', { registry: { url: URL, tls: {} } }],
    ['registry.timeoutMs', { registry: { url: URL, timeoutMs: 0 } }],
    ['registry.password', { registry: { url: URL, password: 'secret' } }],
    ['subjectStrategy', { registry: URL, subjectStrategy: 'name' }],
    ['autoRegister', { registry: URL, autoRegister: true }],
    ['compatibility', { registry: URL, compatibility: 'FULL' }],
    ['compatibility', { registry: URL, autoRegister: true, schemas: { A: SCHEMA }, compatibility: 'SOME' }],
    ['schemas.A', { registry: URL, schemas: { A: { type: 'record' } } }],
    ['readerSchema', { registry: URL, readerSchema: '{' }],
    ['latestMs', { registry: URL, latestMs: -1 }],
    ['schema', { registry: URL, schema: SCHEMA }],
  ] as const) {
    it(`are refused, naming ${at}: ${JSON.stringify(options)}`, async () => {
      const error = await failureOf(() => avro(options as unknown as AvroOptions), 'OPTION_INVALID')
      expect(error.at).to.equal(at)
      expect(error.message).to.not.contain('secret')
    })
  }
})
